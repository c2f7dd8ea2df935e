import type { Clock, EventLog } from '#events';
import type { ReadGate } from '../commands/ask.js';

/** A script is kept at least this long after it was last stored: its command may still be on its way. */
export const SCRIPT_KEPT_MS = 24 * 3600_000;
export const SWEEP_EVERY_MS = 3600_000;
const CATCH_UP_LIMIT_MS = 60_000;

/** Which scripts VMs name. */
export interface ScriptReferences {
  digests(): Promise<ReadonlySet<string>>;
}

export interface Sweepable {
  sweepScripts(keep: ReadonlySet<string>, olderThan: number): Promise<number>;
  sweepUploads(olderThan: number): Promise<void>;
}

/**
 * Deletes scripts that no VM names any more. Only ever on the word of a projection that has seen the whole log: one that is being made
 * anew names none, and nothing may be concluded from that. Returns how many went.
 */
export async function sweepScripts(
  store: Sweepable,
  references: ScriptReferences,
  log: Pick<EventLog, 'lastSequence'>,
  gate: ReadGate,
  clock: Clock,
): Promise<number> {
  const olderThan = clock.now() - SCRIPT_KEPT_MS;
  await gate.reached(await log.lastSequence(), CATCH_UP_LIMIT_MS);
  const keep = await references.digests();
  await store.sweepUploads(olderThan);
  return store.sweepScripts(keep, olderThan);
}
