import { type Clock, type EventLog, Unavailable } from '#events';
import type { ReadGate } from '../commands/ask.js';
import { type Position, PROJECTION_VERSION } from '../projections/step.js';

/**
 * A blob is kept at least this long after it was last stored or asked for by whoever is about to name it: the command that does so may
 * still be on its way. Longer than a save may take.
 */
export const BLOB_KEPT_MS = 24 * 3600_000;
export const SWEEP_EVERY_MS = 3600_000;
const CATCH_UP_LIMIT_MS = 60_000;

/** Which blobs are named, and by which state of the projection: both read at one moment. */
export interface NamedBlobs {
  readonly digests: ReadonlySet<string>;
  readonly position: Pick<Position, 'sequence' | 'incarnation' | 'version'>;
}

/** Which blobs templates, VMs and saves name. */
export interface BlobReferences {
  read(): Promise<NamedBlobs>;
}

export interface Sweepable {
  sweepBlobs(keep: ReadonlySet<string>, olderThan: number): Promise<number>;
  sweepUploads(olderThan: number): Promise<void>;
}

/**
 * Deletes blobs that nothing names any more. Only ever on the word of a projection that has seen the whole log: one that is being made
 * anew names none, and nothing may be concluded from that. Returns how many went.
 */
export async function sweepBlobs(
  store: Sweepable,
  references: BlobReferences,
  log: Pick<EventLog, 'lastSequence' | 'incarnation'>,
  gate: ReadGate,
  clock: Clock,
): Promise<number> {
  const olderThan = clock.now() - BLOB_KEPT_MS;
  const [lastSequence, incarnation] = await Promise.all([log.lastSequence(), log.incarnation()]);
  await gate.reached(lastSequence, CATCH_UP_LIMIT_MS);
  const { digests, position } = await references.read();
  // The gate knows how far the projection once was; the tables may have been emptied, or the log replaced, since then.
  const { sequence, version } = position;
  if (sequence < lastSequence || position.incarnation !== incarnation || version !== PROJECTION_VERSION) {
    const message = `The projection has sequence ${sequence} of log ${position.incarnation}, in version ${version}`;
    throw new Unavailable('postgres', `${message}: the log ${incarnation} ends at ${lastSequence}`);
  }
  await store.sweepUploads(olderThan);
  return store.sweepBlobs(digests, olderThan);
}
