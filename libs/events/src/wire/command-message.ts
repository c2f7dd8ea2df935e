import { checkCommand } from '../check-command.js';
import { type CloudEvent, decodeCommand, encodeCommand, MAX_COMMAND_ID_LENGTH } from '../cloud-event.js';
import type { CommandEnvelope, ReceivedCommand } from '../envelope.js';
import { Undecodable } from '../fault.js';
import { commandSubject } from '../subjects.js';
import { completed } from './native-command.js';

/** Header of a command: the subject on which its sender waits for the outcome. */
export const REPLY_HEADER = 'Muster-Reply';

/**
 * Where senders wait: below `_INBOX`, whatever follows. The control plane may speak on every subject, so that on a sender's word it must
 * not speak on one that the sender may not, such as those of events.
 */
const INBOX = /^_INBOX[A-Za-z0-9_-]*(\.[A-Za-z0-9_=~-]+)+$/;

/** Ids become message headers, of the command and of every event it causes. */
const COMMAND_ID = new RegExp(`^[\\x21-\\x7e]{1,${MAX_COMMAND_ID_LENGTH}}$`);
const isCommandId = (id: string): boolean => COMMAND_ID.test(id);

/**
 * Longest command that is read. The event that it becomes holds all of it and some more, and must stay below NATS's default limit of
 * 1 MiB, or it could never be appended and no command behind it decided.
 */
export const MAX_COMMAND_BYTES = 768 * 1024;

/** A command as COMMANDS holds it. */
export interface StoredCommand {
  readonly sequence: number;
  /** The stream's clock, unix ms. */
  readonly time: number;
  readonly subject: string;
  readonly messageId?: string;
  readonly replyTo?: string;
  readonly text: string;
}

/** Throws a RangeError for an id that cannot be a header. */
export function commandText(envelope: CommandEnvelope): string {
  if (!isCommandId(envelope.id)) {
    const rule = `its id must be 1–${MAX_COMMAND_ID_LENGTH} printable ASCII, no spaces`;
    throw new RangeError(`Cannot send command ${JSON.stringify(envelope.id)}: ${rule}`);
  }
  return JSON.stringify(encodeCommand(envelope));
}

/** Reads what anybody may have written. Never throws: what makes no sense comes out as `content.ok === false`. */
export function readCommand(stored: StoredCommand): ReceivedCommand {
  const { sequence, time, subject, replyTo } = stored;
  const hears = replyTo !== undefined && INBOX.test(replyTo);
  return { sequence, time, subject, ...(hears && { replyTo }), content: contentOf(stored) };
}

function contentOf(stored: StoredCommand): ReceivedCommand['content'] {
  try {
    return { ok: true, envelope: envelopeOf(stored) };
  } catch (error) {
    const { messageId, sequence } = stored;
    const id = messageId !== undefined && isCommandId(messageId) ? messageId : `seq-${sequence}`;
    return { ok: false, id, error: error instanceof Error ? error.message : String(error) };
  }
}

function envelopeOf(stored: StoredCommand): CommandEnvelope {
  const { text, subject } = stored;
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_COMMAND_BYTES)
    throw new Undecodable(`Cannot read command: it has ${bytes} bytes and must have at most ${MAX_COMMAND_BYTES}`);
  const value = parsed(text);
  for (const field of ['id', 'type', 'time', 'actor', 'correlationid', 'traceparent'] as const) {
    if (value[field] !== undefined && typeof value[field] !== 'string')
      throw new Undecodable(`Cannot read command: ${field} must be a string or absent`);
  }
  // Whoever may have events sent to a subject of his choice must not make commands of them.
  if (value.commandsequence !== undefined) throw new Undecodable('Cannot read command: it is an event');
  // The outer type is the one that was judged; a second one inside would take its place.
  if (typeof value.data === 'object' && value.data !== null && Object.hasOwn(value.data, 'type'))
    throw new Undecodable('Cannot read command: data must not have a field "type"');
  const envelope = decodeCommand(completed(value, stored));
  const fault = checkCommand(envelope.command);
  if (fault !== undefined) throw new Undecodable(`Cannot read command: ${fault}`);
  // Permissions are given by subject: who may publish on one must not smuggle in what belongs on another (law 6).
  const due = commandSubject(envelope.command);
  if (subject !== due) throw new Undecodable(`Cannot read command: it came on ${subject} and must come on ${due}`);
  return envelope;
}

function parsed(text: string): Partial<CloudEvent> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Undecodable('Cannot read command: it must be JSON', { cause });
  }
  if (typeof value !== 'object' || value === null) throw new Undecodable('Cannot read command: it must be an object');
  return value;
}
