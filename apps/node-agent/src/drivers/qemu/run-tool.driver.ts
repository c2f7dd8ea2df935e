import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { DriverError } from '../driver.js';

const OUTPUT_LIMIT_CHARS = 16 * 1024;
/** sbin is not in an ordinary user's PATH, but nft is there. */
const EXTRA_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** Absolute path of a program; undefined when it is not installed. */
export function findTool(name: string): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(':').filter(Boolean), ...EXTRA_DIRECTORIES];
  const candidates = isAbsolute(name) ? [name] : directories.map((directory) => join(directory, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export function requireTool(name: string): string {
  const path = findTool(name);
  if (!path) throw new DriverError('TOOL_MISSING', `The program ${name} is not installed on this host.`, false);
  return path;
}

export interface ToolResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface ToolOptions {
  stdin?: string;
  cwd?: string;
  /** Kills the program; its result then has the code null. */
  signal?: AbortSignal;
  /** Ends the program early, successfully, as soon as its output is as wished. */
  until?: (stdout: string) => boolean;
}

/** Runs a short program to its end. Throws `TOOL_MISSING` when it cannot be run at all. */
export async function runTool(command: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  const result: ToolResult = { code: null, stdout: '', stderr: '' };
  const kill = (): boolean => child.kill('SIGKILL');
  child.stdout.on('data', (chunk: Buffer) => {
    result.stdout = (result.stdout + chunk.toString('latin1')).slice(-OUTPUT_LIMIT_CHARS);
    if (options.until?.(result.stdout)) kill();
  });
  child.stderr.on(
    'data',
    (chunk: Buffer) => (result.stderr = (result.stderr + chunk.toString()).slice(-OUTPUT_LIMIT_CHARS)),
  );
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  if (options.signal?.aborted) kill();
  options.signal?.addEventListener('abort', kill);
  try {
    result.code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return result;
  } catch (cause) {
    throw new DriverError('TOOL_MISSING', `Cannot run ${program}: ${(cause as Error).message}`, false, { cause });
  } finally {
    options.signal?.removeEventListener('abort', kill);
  }
}
