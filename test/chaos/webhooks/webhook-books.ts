import { createHash } from 'node:crypto';
import type { CloudEvent } from '#events';
import type { Stored } from '../../support/stream.js';
import type { Account } from './arrivals.js';

/** An endpoint of the run, as far as its books are judged. */
export interface Judged {
  readonly name: string;
  readonly ordered: boolean;
  /** It gets the CloudEvents of the log; else records of the vendor's, of which there are fewer. */
  readonly isOurs: boolean;
  /** The sequence of the event with which it began. */
  readonly createdAt: number;
}

/** Types of events that the vendor's log tells (anka.md §6). */
const RECORDED: ReadonlySet<string> = new Set([
  ...['StartVM', 'VMStarted', 'VMFailedToStart', 'TerminateVM', 'VMTerminated', 'DistributeTemplateToNodes'],
  ...['TemplatePulled', 'DeleteRegistryVm', 'ConfigNode', 'DeleteNode', 'NodeUnregistered'],
]);

const nameOf = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

/** What an endpoint must have taken: every event after its own creation. */
export function dueTo(
  { isOurs, createdAt }: Judged,
  log: readonly Stored<CloudEvent>[],
): readonly Stored<CloudEvent>[] {
  return log.filter(({ sequence, body }) => sequence > createdAt && (isOurs || RECORDED.has(nameOf(body.type))));
}

/** Everything by which the books of an endpoint and the log disagree, in words. */
export function disagreements(judged: Judged, account: Account, log: readonly Stored<CloudEvent>[]): string[] {
  const taken = new Map(account.taken.map(([sequence, id, digest]) => [sequence, { id, digest }]));
  const found = [...account.wrong];
  const due = dueTo(judged, log);
  for (const { sequence, body } of due) {
    const came = taken.get(sequence);
    if (came === undefined) found.push(`lost: ${sequence} ${body.type} ${body.id}`);
    else if (came.id !== body.id) found.push(`${sequence} came as ${came.id} and is ${body.id}`);
    else if (judged.isOurs && came.digest !== digestOf(body))
      found.push(`${sequence} ${body.id} came with other bytes`);
  }
  if (taken.size > due.length) found.push(`${taken.size - due.length} events came that were not due`);
  return judged.ordered ? [...found, ...outOfOrder(account)] : found;
}

function outOfOrder({ firsts }: Account): string[] {
  return firsts.flatMap((sequence, place) => {
    const before = firsts[place - 1];
    return before !== undefined && before > sequence ? [`out of order: ${sequence} after ${before}`] : [];
  });
}

const digestOf = (event: CloudEvent): string => createHash('sha256').update(JSON.stringify(event)).digest('base64');
