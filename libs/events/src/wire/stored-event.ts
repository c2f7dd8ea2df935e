import type { RecordedEvent } from '#domain';
import { type CloudEvent, decodeEvent } from '../cloud-event.js';
import { Undecodable } from '../fault.js';
import type { LoggedEvent } from '../ports/event-log.js';

/** A place in EVENTS, decoded only as far as it is looked at: whoever only copies the log never pays for parsing it. */
export class StoredEvent implements LoggedEvent {
  private text: string | undefined;
  private decoded: { readonly recorded: RecordedEvent | undefined } | undefined;

  constructor(
    readonly sequence: number,
    private readonly content: string | Uint8Array,
    /** Whether a writer of the log put it there; looked at only for what cannot be read. */
    private readonly isAppended: () => boolean = () => true,
  ) {}

  get raw(): string {
    this.text ??= typeof this.content === 'string' ? this.content : utf8(this.content);
    return this.text;
  }

  get recorded(): RecordedEvent | undefined {
    this.decoded ??= { recorded: this.read() };
    return this.decoded.recorded;
  }

  /**
   * The server sends answers to whatever subject a client names, which may be one of this log's (ADR 0029). Such a message has a place,
   * and means nothing. What one of our writers wrote must be readable.
   */
  private read(): RecordedEvent | undefined {
    try {
      return decode(this.raw, this.sequence);
    } catch (error) {
      if (this.isAppended()) throw error;
      return undefined;
    }
  }
}

function decode(raw: string, sequence: number): RecordedEvent | undefined {
  try {
    return decodeEvent(JSON.parse(raw) as CloudEvent, sequence);
  } catch (cause) {
    if (cause instanceof Undecodable) throw cause;
    throw new Undecodable(`Cannot read event ${sequence}: it must be a CloudEvent in JSON`, { cause });
  }
}

/** Much faster than TextDecoder for the few hundred bytes of a message. */
export function utf8(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('utf8');
}
