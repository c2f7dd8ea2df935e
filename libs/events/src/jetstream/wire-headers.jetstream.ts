import { MsgHdrsImpl } from '@nats-io/transport-node';

export const MESSAGE_ID = 'Nats-Msg-Id';
export const EXPECTED_LAST_SEQUENCE = 'Nats-Expected-Last-Sequence';
export const EXPECTED_LAST_MESSAGE_ID = 'Nats-Expected-Last-Msg-Id';
export const EXPECTED_LAST_SUBJECT_SEQUENCE = 'Nats-Expected-Last-Subject-Sequence';

const FIRST_LINE = 'NATS/1.0\r\n';

/**
 * Headers that are written once and never read. The client's own form checks and indexes every field, which costs more than
 * everything else in an append. Values must hold no line break; ours are ids and numbers that were checked where they came in.
 */
export class WireHeaders extends MsgHdrsImpl {
  private text = FIRST_LINE;

  with(name: string, value: string | number): this {
    this.text += `${name}: ${value}\r\n`;
    return this;
  }

  /** Empty again; to be used for the next message, since the client has copied what it needs when `publish` returns. */
  cleared(): this {
    this.text = FIRST_LINE;
    return this;
  }

  override encode(): Uint8Array {
    return Buffer.from(`${this.text}\r\n`);
  }
}
