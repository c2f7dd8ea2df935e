import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { completeEnvironment } from '../../libs/events/src/settings/index.js';
import { runMuster } from './run.js';

/** npm hands a Ctrl-C on that the terminal has sent already: what follows this closely is the same wish. */
const SAME_WISH_MS = 1_500;

/** True when whoever started this process (nohup, say) wants it to survive the end of its terminal. */
function ignoresHangUp(): boolean {
  if (process.platform !== 'linux') return false;
  const mask = /^SigIgn:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${mask}`) & 1n) === 1n; // SIGHUP is signal 1, and so the lowest bit
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let since = 0;
  const onSignal = (): void => {
    if (!stop.signal.aborted) {
      since = Date.now();
      stop.abort(new Error('a stop was asked for'));
    } else if (Date.now() - since > SAME_WISH_MS) {
      console.log('  … still stopping; every step has a limit, please wait');
    }
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  if (!ignoresHangUp()) process.on('SIGHUP', onSignal);
  return stop.signal;
}

/** Runs Muster until it is told to stop; the exit code says whether all went well. */
export async function main(): Promise<void> {
  const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
  // Whoever read what is said here may have gone; Muster goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    const env = completeEnvironment(process.env, process.argv.slice(2));
    // What reads its settings later finds what flags and the file add, too.
    process.env = { ...env };
    await runMuster({ root, env, say: (line) => console.log(line), stop: stopSignal() });
    process.exit(0);
  } catch (cause) {
    console.error(`\nMuster does not run: ${(cause as Error).message}`);
    process.exit(1);
  }
}
