import { Unavailable } from '../fault.js';
import type { Published } from '../ports/command-queue.js';
import { WrongLastSequence } from '../wire/guarded-appender.js';

/** Codes of the server's errors, which stay the same while their texts change. */
const WRONG_LAST_MESSAGE_ID = 10070;
const WRONG_LAST_SEQUENCE = 10071;
/** Another guarded write is on its way: from 2.11 on, in clusters. */
const WRITE_IN_PROGRESS = 10164;

interface PublishAck {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code?: number; readonly description?: string };
}

/** What the server answered to a publish: where the message is, or why not. */
export function readAck(subject: string, text: string): Published | WrongLastSequence | Unavailable {
  const ack = parsed(text);
  if (ack?.error) return meaningOf(subject, ack.error);
  if (ack?.seq === undefined)
    return new Unavailable('nats', `Cannot publish on ${subject}: the answer is no acknowledgement`);
  return { sequence: ack.seq, duplicate: ack.duplicate === true };
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
