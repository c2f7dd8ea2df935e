import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from './root.js';
import { until } from './until.js';

/** A first start includes the installation of nothing, but maybe a build. */
const READY_LIMIT_MS = 240_000;
const END_LIMIT_MS = 120_000;

/** `npm start` as somebody in a terminal runs it. */
export class Launched {
  output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;

  constructor(readonly env: Readonly<Record<string, string | undefined>>) {
    this.child = spawn(process.execPath, [join(ROOT, 'tools', 'start.mjs')], { env, cwd: ROOT });
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits for the line that says that all is up; gives the URL of the API. */
  async ready(): Promise<string> {
    const look = (): string | undefined => {
      if (!this.isRunning) throw new Error('It has ended');
      return /^Muster is ready: (\S+)$/m.exec(this.output)?.[1];
    };
    return until('Muster is ready', look, READY_LIMIT_MS, () => this.output);
  }

  /** The command that starts a VM, as printed. */
  get curl(): string {
    const line = /^\s*(curl .*)$/m.exec(this.output)?.[1];
    if (line === undefined) throw new Error(`No curl command was printed:\n${this.output}`);
    return line;
  }

  /** What Ctrl-C does. */
  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** Its exit code, once it has ended. */
  async end(): Promise<number | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const complain = (): void => reject(new Error(`It has not ended after ${END_LIMIT_MS} ms:\n${this.output}`));
      timer = setTimeout(complain, END_LIMIT_MS);
    });
    return Promise.race([this.ended, late]).finally(() => clearTimeout(timer));
  }
}

/** A program of tools/ that ends by itself: its exit code and all that it said. */
export async function runTool(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'tools', name), ...args], { env, cwd: ROOT });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}
