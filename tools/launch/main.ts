import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMuster } from './run.js';

/** npm hands a Ctrl-C on that the terminal has sent already: what follows this closely is the same wish. */
const SAME_WISH_MS = 1_500;

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
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return stop.signal;
}

/** Runs Muster until it is told to stop; the exit code says whether all went well. */
export async function main(): Promise<void> {
  const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
  try {
    await runMuster({ root, env: process.env, say: (line) => console.log(line), stop: stopSignal() });
    process.exit(0);
  } catch (cause) {
    console.error(`\nMuster does not run: ${(cause as Error).message}`);
    process.exit(1);
  }
}
