/** One line per step of a check: its name, its outcome, its duration; the output of a step is shown when it fails. */
import { spawn } from 'node:child_process';
import { root } from './bootstrap.mjs';

/** No step of ours takes longer; a hanging one is ended and counts as failed. */
const LONGEST_STEP_MS = 30 * 60_000;
/** A step that ignores SIGTERM for so long is killed. */
const GRACE_MS = 5_000;

export const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/**
 * Runs `node ...args` as a step. With `stream` its output is shown as it comes, otherwise only on failure. Returns whether it passed;
 * a step ended through `signal` did not pass and says nothing.
 */
export async function runStep({ name, args, stream = false, signal }) {
  const begun = performance.now();
  if (stream) console.log(`…    ${name}`);
  const { code, output } = await collect(args, stream, signal);
  if (signal?.aborted) return false;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(24)} ${seconds.padStart(6)} s`);
  if (code !== 0 && !stream) console.log(output.trimEnd());
  return code === 0;
}

function collect(args, stream, signal) {
  return new Promise((resolve, reject) => {
    const stdio = stream ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(process.execPath, args, { cwd: root, stdio });
    const chunks = [];
    const end = () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    };
    const limit = setTimeout(() => {
      chunks.push(`\nended after ${LONGEST_STEP_MS / 60_000} minutes\n`);
      end();
    }, LONGEST_STEP_MS);
    signal?.addEventListener('abort', end, { once: true });
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', end);
      resolve({ code: code ?? 1, output: chunks.map(String).join('') });
    });
  });
}
