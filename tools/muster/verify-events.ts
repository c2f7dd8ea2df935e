import { comparedWith } from '../../apps/api/src/archive/compared.js';
import { DamagedArchive, verified, type StoredArchive } from '../../apps/api/src/archive/stored-archive.js';
import { withStoredArchive } from '../../apps/api/src/archive/stored-archive.postgres.js';
import { openPool } from '../../apps/api/src/projections/database.postgres.js';
import type { OwnServices } from '../launch/own-services.js';
import { withPresentLog } from './present-log.js';
import { Progress, type Say } from './progress.js';

export interface VerifyOrder {
  /** The archive alone. */
  readonly withoutLog: boolean;
  readonly say: Say;
}

/** Reads the whole archive, and EVENTS beside it when NATS is there. Says what it found; false when something is wrong. */
export async function verifyEvents(services: OwnServices, { withoutLog, say }: VerifyOrder): Promise<boolean> {
  const pool = openPool(services.MUSTER_DATABASE_URL, 1);
  try {
    return await withStoredArchive(pool, (archive) =>
      withoutLog ? verify(archive, say) : verifyBoth(services.MUSTER_NATS_URL, archive, say),
    );
  } catch (cause) {
    if (!(cause instanceof DamagedArchive)) throw cause;
    say(cause.message);
    return false;
  } finally {
    await pool.end();
  }
}

async function verify(archive: StoredArchive, say: Say, rows = verified(archive)): Promise<true> {
  const progress = new Progress('Verifying', say);
  for await (const { event } of rows) if (event.sequence > 0) progress.note();
  const { head, first, holes } = archive;
  const missing = holes.reduce((sum, hole) => sum + hole.last - hole.first + 1, 0);
  say(
    `The archive is right: ${progress.events} events from sequence ${first ?? 1} to ${head.sequence}, ${progress.perSecond()} events/s.`,
  );
  if (missing > 0) say(`${missing} sequences are missing because the log did not have them when it was archived.`);
  say(`The hash over all of it is ${head.hash.toString('hex')}.`);
  return true;
}

const verifyBoth = (natsUrl: string, archive: StoredArchive, say: Say): Promise<true> =>
  withPresentLog(natsUrl, archive, async (log) => {
    if (log === undefined) {
      say(`NATS does not answer: the archive is not compared with EVENTS.`);
      return verify(archive, say);
    }
    await verify(archive, say, comparedWith(log, verified(archive)));
    say(`EVENTS, which begins at ${log.first}, has the same.`);
    return true;
  });
