import { join } from 'node:path';
import { endOrphanedNats } from '../services/nats.js';
import { endOrphanedPostgres } from '../services/postgres-cluster.js';
import { endOrphanedApp } from './app-process.js';
import type { Home } from './home.js';
import type { Say } from './progress.js';

/** Muster's own programs, in the order in which they are stopped. */
export const APPS = ['api', 'scheduler', 'node-agent'] as const;
export type AppProcessName = (typeof APPS)[number];

/** Where a running app is written down. */
export function recordFileOf(home: Home, name: AppProcessName): string {
  return join(home.runDir, `${name}.json`);
}

/**
 * Ends what a launcher that was killed left running on this installation, in the order of a proper stop. VMs are not
 * touched. Tells about each and gives how many there were.
 */
export async function endOrphans(home: Home, graceMs: number, say: Say): Promise<number> {
  const ended: [string, number | undefined][] = [];
  for (const name of APPS) ended.push([name, await endOrphanedApp(recordFileOf(home, name), graceMs)]);
  ended.push(['NATS', await endOrphanedNats(home.natsDir)]);
  ended.push(['Postgres', await endOrphanedPostgres(join(home.postgresDir, 'data'))]);
  const found = ended.filter(([, pid]) => pid !== undefined);
  for (const [name, pid] of found) say(`  ! Ended ${name} (pid ${pid}), which an earlier start left behind`);
  return found.length;
}
