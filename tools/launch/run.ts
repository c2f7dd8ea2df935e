import { boundLogs } from './logs.js';
import { wordsOnIgnored, type Environment } from '../../libs/events/src/settings/index.js';
import { Fleet } from './fleet.js';
import { lockFileOf, openHome } from './home.js';
import { logFileOf } from './infrastructure.js';
import { bringUp } from './launch.js';
import { takeLock } from './lock.js';
import { Progress, type Say } from './progress.js';
import { readLaunchSettings } from './settings.js';
import type { RestartPolicy } from './supervised.js';

/** Processes whose logs are kept bounded. */
const LOGGED = ['api', 'scheduler', 'node-agent', 'nats', 'postgres'];
/** A step that does not listen to the wish to stop is waited for this long. */
const STEP_LIMIT_MS = 5_000;

export interface RunOptions {
  /** Folder of the clone. */
  readonly root: string;
  readonly env: Environment;
  readonly say: Say;
  /** Aborted when Muster is to stop. */
  readonly stop: AbortSignal;
  /** Told when everything is up. */
  readonly onReady?: () => void;
  /** How crashed processes are started again; the product's own way when not given. */
  readonly restarts?: RestartPolicy;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** Lets the step under way end, so that nothing is started behind the back of the stop; but not for ever. */
async function settle(start: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, STEP_LIMIT_MS)));
  await Promise.race([start.catch(() => undefined), late]);
  clearTimeout(timer);
}

/**
 * Runs Muster on this machine until it is asked to stop, then stops it in order. Throws when it cannot be started or one
 * of its processes cannot be kept running; everything is stopped then, too.
 */
export async function runMuster({ root, env, say, stop, onReady, restarts }: RunOptions): Promise<void> {
  const settings = await readLaunchSettings(env, root);
  const progress = new Progress(say);
  const releaseLock = takeLock(lockFileOf(settings.home), settings.apiUrl);
  try {
    const home = openHome(settings.home);
    say(`Muster starts; its data are in ${settings.home}`);
    for (const name of settings.ignoredNames) say(`  ! ${name} is ignored. ${wordsOnIgnored(name)}`);
    const fleet = new Fleet(progress, restarts);
    const unbound = boundLogs(LOGGED.map((name) => logFileOf(home, name)));
    const start = bringUp({ root, env, settings, home, fleet, progress, signal: stop });
    const ready = start.then(() => onReady?.());
    try {
      const failure = await Promise.race([ready.then(() => fleet.failed), fleet.failed, aborted(stop)]);
      if (failure !== undefined) throw failure;
    } catch (cause) {
      if (!stop.aborted) throw cause;
    } finally {
      if (!fleet.isEmpty) say('\nMuster stops; VMs keep running');
      await settle(start);
      await fleet.stop();
      unbound();
    }
    say('Muster has stopped');
  } finally {
    releaseLock();
  }
}
