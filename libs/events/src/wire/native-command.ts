import { MAX_VMS_PER_COMMAND, type Outcome } from '#domain';
import type { CloudEvent } from '../cloud-event.js';
import { derivedId } from '../derived-id.js';
import type { ReceivedCommand } from '../envelope.js';
import { Undecodable } from '../fault.js';
import type { Told } from '../ports/command-queue.js';

/** How a client proved itself that came without a door: to NATS. */
const BY_NATS = 'nats';

/** Where a command was found. */
interface Found {
  readonly subject: string;
  readonly messageId?: string;
}

/**
 * What a NATS client wrote, with what it may leave out: the id when it is the message's, the type when it is the subject's, and the ids
 * of new VMs, which are then made as a door makes them. Doors leave nothing out.
 */
export function completed(value: Partial<CloudEvent>, { subject, messageId }: Found): Partial<CloudEvent> {
  const id = value.id ?? messageId;
  const type = value.type ?? subject.slice(subject.lastIndexOf('.') + 1);
  const isNative = value.source === undefined && value.authmode === undefined;
  const whole = { ...value, type, ...(id !== undefined && { id }), ...(isNative && { authmode: BY_NATS }) };
  if (!/(^|\.)StartVM$/.test(type) || id === undefined || !isObject(value.data)) return whole;
  const { count, ...data } = value.data;
  return 'vmIds' in data ? whole : { ...whole, data: { vmIds: vmIdsOf(id, count), ...data } };
}

/** One too many is left for the domain to refuse, in its own words. */
function vmIdsOf(commandId: string, count: unknown = 1): readonly string[] {
  if (!Number.isSafeInteger(count) || (count as number) < 0)
    throw new Undecodable(`Cannot read command: data.count must be a whole number from 1 to ${MAX_VMS_PER_COMMAND}`);
  const length = Math.min(count as number, MAX_VMS_PER_COMMAND + 1);
  return Array.from({ length }, (_, n) => derivedId(commandId, n));
}

/** What the sender of this command is told. A door knows the ids that it made. */
export function toldOf({ content }: ReceivedCommand, outcome: Outcome): Told {
  if (!content.ok || outcome.kind !== 'accepted' || content.envelope.auth !== BY_NATS) return outcome;
  const { command } = content.envelope;
  return command.type === 'StartVM' ? { ...outcome, vmIds: command.vmIds } : outcome;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
