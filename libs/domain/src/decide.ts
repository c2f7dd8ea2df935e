import type { Cluster, RememberedOutcome } from './cluster.js';
import type { Command, RecordedCommand } from './commands.js';
import { dispatch } from './dispatch.js';
import type { RecordedEvent } from './events.js';
import { endHopelessSaves } from './image/end-save.js';
import { place } from './placement/place.js';
import type { Refusal } from './refusal.js';
import { commandRefused, isAskedFor } from './refused-command.js';
import { Turn } from './turn.js';

/** What the caller hears: yes, with the sequence of the last event that answers it, or no, with the reason. */
export type Outcome =
  { readonly kind: 'accepted'; readonly sequence: number } | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Decision {
  readonly outcome: Outcome;
  readonly events: readonly RecordedEvent[];
}

/**
 * Decides one command: the whole control plane is this function. The returned events are folded into `cluster` already. Reads no
 * clock and no chance: the same cluster and command always give the same decision.
 *
 * Prefix law: deciding again on a cluster that holds a prefix of the command's events yields exactly the rest of them.
 */
export function decide(cluster: Cluster, recorded: RecordedCommand): Decision {
  const known = cluster.outcomes.get(recorded.cause.id);
  if (known !== undefined && isSettled(cluster, known, recorded)) return repeated(known);
  const turn = new Turn(cluster, recorded);
  const refusal = dispatch(turn, recorded.command);
  if (refusal !== undefined) return refused(turn, recorded.command, refusal);
  endHopelessSaves(turn);
  place(turn);
  return { outcome: { kind: 'accepted', sequence: cluster.sequence }, events: turn.events };
}

function refused(turn: Turn, command: Command, refusal: Refusal): Decision {
  if (isAskedFor(command) && !turn.refusalIsThere) turn.emit(commandRefused(command, refusal));
  return { outcome: { kind: 'refused', refusal }, events: turn.events };
}

/** Records that the command broke the decider, instead of deciding it (law 9). */
export function recordFailure(
  cluster: Cluster,
  recorded: RecordedCommand,
  commandType: string,
  message: string,
): Decision {
  const known = cluster.outcomes.get(recorded.cause.id);
  if (known !== undefined && isSettled(cluster, known, recorded)) return repeated(known);
  const turn = new Turn(cluster, recorded);
  turn.emit({ type: 'CommandFailed', commandType, message });
  return { outcome: { kind: 'refused', refusal: { code: 'COMMAND_FAILED', message } }, events: turn.events };
}

/**
 * Whether nothing of the command is left to decide: it was sent again under another sequence, or failed, or other commands came after
 * it. Only the very last command may have been cut short by a crash.
 */
function isSettled(cluster: Cluster, known: RememberedOutcome, { cause }: RecordedCommand): boolean {
  if (known.failed !== undefined || known.commandSequence !== cause.sequence) return true;
  return cluster.cause.sequence !== cause.sequence;
}

/** The command gets its first outcome, and nothing happens twice. */
function repeated(known: RememberedOutcome): Decision {
  const outcome: Outcome =
    known.failed === undefined
      ? { kind: 'accepted', sequence: known.lastSequence }
      : { kind: 'refused', refusal: { code: 'COMMAND_FAILED', message: known.failed } };
  return { outcome, events: [] };
}
