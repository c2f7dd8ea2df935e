import { type Msg, type MsgHdrs, headers as newHeaders } from '@nats-io/transport-node';
import { Unavailable } from '../fault.js';
import { utf8 } from '../wire/stored-event.js';
import type { NatsLink } from './link.jetstream.js';
import { EXPECTED_LAST_SUBJECT_SEQUENCE, WireHeaders } from './wire-headers.jetstream.js';
import { readAck } from './publish-ack.js';

const OPERATION = 'KV-Operation';
const NOT_FOUND = 404;
const STREAM_NOT_FOUND = 10059;

/** A value of a bucket; `deleted`: only the mark of its deletion is left. */
export interface BucketEntry {
  readonly revision: number;
  readonly text: string;
  readonly deleted: boolean;
}

export const keySubject = (bucket: string, key: string): string => `$KV.${bucket}.${key}`;

/** True when the headers mark a deletion. */
export const isDeletion = (operation: string | undefined): boolean => operation === 'DEL' || operation === 'PURGE';

/** Reads and guarded writes of one key, over the protocol that every NATS client uses for key-value buckets. */
export class BucketKey {
  private readonly subject: string;

  constructor(
    private readonly link: NatsLink,
    private readonly bucket: string,
    key: string,
    private readonly timeoutMs: number,
  ) {
    this.subject = keySubject(bucket, key);
  }

  /**
   * The newest value or mark that the nearest replica knows. The subject asked on names the key, so that permissions can hold a
   * client to its own.
   */
  async glance(): Promise<BucketEntry | undefined> {
    const { headers, data } = await this.request(`$JS.API.DIRECT.GET.KV_${this.bucket}.${this.subject}`, '');
    if (headers?.code === NOT_FOUND) return undefined;
    const revision = Number(headers?.get('Nats-Sequence'));
    if (!revision) throw new Unavailable('nats', `Cannot read ${this.subject}: ${headers?.description || 'no answer'}`);
    return { revision, text: utf8(data), deleted: isDeletion(headers?.get(OPERATION)) };
  }

  /** The newest value or mark, as the stream's leader knows it. */
  async read(): Promise<BucketEntry | undefined> {
    const answer = await this.ask(
      `$JS.API.STREAM.MSG.GET.KV_${this.bucket}`,
      JSON.stringify({ last_by_subj: this.subject }),
    );
    const { message, error } = JSON.parse(answer) as StoredAnswer;
    if (message) {
      const text = Buffer.from(message.data ?? '', 'base64').toString('utf8');
      const operation = /KV-Operation: (\w+)/.exec(Buffer.from(message.hdrs ?? '', 'base64').toString('latin1'))?.[1];
      return { revision: message.seq, text, deleted: isDeletion(operation) };
    }
    if (error?.code === NOT_FOUND && error.err_code !== STREAM_NOT_FOUND) return undefined;
    throw new Unavailable('nats', `Cannot read ${this.subject}: ${error?.description ?? 'no answer'}`);
  }

  /** Compare and set; revision 0 means that there must be nothing. The new revision, or undefined when it was not so. */
  write(text: string, revision: number): Promise<number | undefined> {
    return this.guarded(text, new WireHeaders().with(EXPECTED_LAST_SUBJECT_SEQUENCE, revision));
  }

  /** Leaves a mark, if this is still the newest revision. */
  delete(revision: number): Promise<number | undefined> {
    return this.guarded('', new WireHeaders().with(EXPECTED_LAST_SUBJECT_SEQUENCE, revision).with(OPERATION, 'DEL'));
  }

  private async guarded(text: string, headers: MsgHdrs): Promise<number | undefined> {
    const ack = readAck(this.subject, (await this.request(this.subject, text, headers)).data);
    if (ack instanceof Unavailable) throw ack;
    return ack instanceof Error ? undefined : ack.sequence;
  }

  private async ask(subject: string, text: string, headers?: MsgHdrs): Promise<string> {
    return utf8((await this.request(subject, text, headers)).data);
  }

  private async request(subject: string, text: string, headers: MsgHdrs = newHeaders()): Promise<Msg> {
    if (!this.link.isConnected)
      throw new Unavailable('nats', `Cannot ask ${subject}: there is no connection to the server`);
    try {
      return await this.link.nc.request(subject, text, { timeout: this.timeoutMs, headers });
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new Unavailable('nats', `Cannot ask ${subject}: ${detail}`, { cause });
    }
  }
}

interface StoredAnswer {
  readonly message?: { readonly seq: number; readonly data?: string; readonly hdrs?: string };
  readonly error?: { readonly code?: number; readonly err_code?: number; readonly description?: string };
}
