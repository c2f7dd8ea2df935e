import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import { utf8 } from '../wire/stored-event.js';

/** A message of a stream on its way to a reader; its parts are read when they are asked for. */
export class Delivery {
  private constructor(
    private readonly message: Msg,
    /** Position in the stream. */
    readonly sequence: number,
    /** Position among everything that this consumer was given, from 1, without gaps. */
    readonly delivered: number,
    private readonly stamp: string,
  ) {}

  /**
   * Reads `$JS.ACK.<stream>.<consumer>.<tries>.<sequence>.<delivered>.<time>.<pending>`; newer servers put domain and account before the
   * stream and a token at the end. Undefined for what is no message of a stream.
   */
  static from(message: Msg): Delivery | undefined {
    const { reply } = message;
    if (!reply?.startsWith('$JS.ACK.')) return undefined;
    const parts = reply.split('.');
    const stream = parts.length > 9 ? 4 : 2;
    const sequence = Number(parts[stream + 3]);
    const delivered = Number(parts[stream + 4]);
    return new Delivery(message, sequence, delivered, parts[stream + 5] ?? '');
  }

  /** The stream's clock, unix ms. */
  get time(): number {
    return Number(this.stamp.slice(0, -6));
  }

  get subject(): string {
    return this.message.subject;
  }

  get bytes(): Uint8Array {
    return this.message.data;
  }

  get text(): string {
    return utf8(this.message.data);
  }

  header(name: string): string | undefined {
    const headers: MsgHdrs | undefined = this.message.headers;
    return headers?.get(name) || undefined;
  }
}
