import { spawn, type ChildProcess } from 'node:child_process';
import { ROOT } from './root.js';
import { join } from 'node:path';

/**
 * Ends what a test started when the test itself can no longer do it, because it was killed: a process that notices the end of this
 * one by the end of its input.
 */
export class Reaper {
  private readonly child: ChildProcess;

  /** `dir`: processes that name this folder in their arguments (guests) are ended with the others. */
  constructor(dir: string) {
    const script = join(ROOT, 'test', 'support', 'reap.mjs');
    this.child = spawn(process.execPath, [script, dir], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
    this.child.unref();
    (this.child.stdin as unknown as { unref?: () => void }).unref?.();
  }

  /** From now on this process is ended with this one. */
  watch(pid: number): void {
    this.child.stdin?.write(`${pid}\n`);
  }

  /** Everything was ended in order. */
  dismiss(): void {
    this.child.stdin?.end('done\n');
  }
}
