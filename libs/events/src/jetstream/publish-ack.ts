import { Unavailable } from '../fault.js';
import type { Published } from '../ports/command-queue.js';
import { WrongLastSequence } from '../wire/guarded-appender.js';
import { utf8 } from '../wire/stored-event.js';

/** Codes of the server's errors, which stay the same while their texts change. */
const WRONG_LAST_MESSAGE_ID = 10070;
const WRONG_LAST_SEQUENCE = 10071;
/** Another guarded write is on its way: from 2.11 on, in clusters. */
const WRITE_IN_PROGRESS = 10164;

const FIELD = [...Buffer.from('"seq":')];
const CLOSING_BRACE = 0x7d;
const ZERO = 0x30;

interface PublishAck {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code?: number; readonly description?: string };
}

/** What the server answered to a publish: where the message is, or why not. */
export function readAck(subject: string, bytes: Uint8Array): Published | WrongLastSequence | Unavailable {
  const sequence = plainSequence(bytes);
  if (sequence > 0) return { sequence, duplicate: false };
  const ack = parsed(utf8(bytes));
  if (ack?.error) return meaningOf(subject, ack.error);
  if (ack?.seq === undefined)
    return new Unavailable('nats', `Cannot publish on ${subject}: the answer is no acknowledgement`);
  return { sequence: ack.seq, duplicate: ack.duplicate === true };
}

/** The number in `… "seq":123}`, which is how nearly all answers end; 0 for any other answer, and for a refusal. */
function plainSequence(bytes: Uint8Array): number {
  let at = bytes.length - 2;
  if (bytes[at + 1] !== CLOSING_BRACE) return 0;
  let sequence = 0;
  for (let factor = 1; ; factor *= 10) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    sequence += digit * factor;
    at--;
  }
  return FIELD.every((char, index) => bytes[at - FIELD.length + 1 + index] === char) ? sequence : 0;
}

function meaningOf(subject: string, error: NonNullable<PublishAck['error']>): WrongLastSequence | Unavailable {
  const { err_code: code, description = '' } = error;
  if (code === WRONG_LAST_SEQUENCE) {
    const actual = /(\d+)\s*$/.exec(description)?.[1];
    return new WrongLastSequence(actual === undefined ? undefined : Number(actual));
  }
  if (code === WRONG_LAST_MESSAGE_ID) return new WrongLastSequence(undefined);
  const busy = code === WRITE_IN_PROGRESS ? ', another write is in progress' : '';
  return new Unavailable('nats', `Cannot publish on ${subject}: ${description} (${code ?? 'no code'}${busy})`);
}

function parsed(text: string): PublishAck | undefined {
  try {
    return JSON.parse(text) as PublishAck;
  } catch {
    return undefined;
  }
}
