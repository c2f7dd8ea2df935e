import { spawn } from 'node:child_process';

const STDERR_TAIL_CHARS = 2000;

export interface ToolOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/** Runs a host tool to its end and returns its standard output. Throws with the tail of stderr when it fails. */
export async function runTool(command: string, args: readonly string[], options: ToolOptions = {}): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, LC_ALL: 'C', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (err = (err + chunk.toString()).slice(-STDERR_TAIL_CHARS)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`Cannot run ${command}: ${cause.message}`, { cause })));
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ').slice(0, 200)} ended with code ${code}: ${err.trim()}`);
  return Buffer.concat(out).toString();
}
