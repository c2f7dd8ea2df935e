import type { Clock } from '../ports/clock.js';
import type { Published } from '../ports/command-queue.js';
import { WrongLastSequence } from '../wire/guarded-appender.js';

export interface MemoryMessage {
  readonly sequence: number;
  /** Unix ms. */
  readonly time: number;
  readonly subject: string;
  readonly text: string;
  readonly messageId?: string;
  readonly replyTo?: string;
}

export interface NewMessage extends Omit<MemoryMessage, 'sequence' | 'time'> {
  /** Refused unless the stream ends here. */
  readonly expectedLast?: number;
  /** Refused unless the last message has this id. */
  readonly expectedLastId?: string;
}

/** A stream as JetStream keeps it: sequences from 1, deduplication before the guard, deletion from its beginning only. */
export class MemoryStream {
  private messages: MemoryMessage[] = [];
  private cut = 0;
  private readonly recentIds = new Map<string, { sequence: number; until: number }>();
  private readonly listeners = new Set<(message: MemoryMessage) => void>();

  constructor(
    private readonly clock: Clock,
    private readonly duplicateWindowMs: number,
  ) {}

  get last(): number {
    return this.cut + this.messages.length;
  }

  /** The oldest that is there, or would be if there were any. */
  get first(): number {
    return this.cut + 1;
  }

  /** Takes away everything up to this sequence. */
  cutThrough(sequence: number): void {
    const count = Math.min(sequence, this.last) - this.cut;
    if (count <= 0) return;
    this.messages = this.messages.slice(count);
    this.cut += count;
  }

  /** Sequence of the last message that came before then, unix ms; that before the first when there is none. */
  lastBefore(time: number): number {
    return this.cut + this.messages.filter((message) => message.time < time).length;
  }

  at(sequence: number): MemoryMessage {
    const message = this.messages[sequence - 1 - this.cut];
    if (!message) throw new RangeError(`There is no message ${sequence}: must be ${this.first}–${this.last}`);
    return message;
  }

  /** Throws {@link WrongLastSequence}. */
  append({ expectedLast, expectedLastId, ...rest }: NewMessage): Published {
    const now = this.clock.now();
    this.forgetOldIds(now);
    const known = rest.messageId === undefined ? undefined : this.recentIds.get(rest.messageId);
    if (known) return { sequence: known.sequence, duplicate: true };
    if (expectedLast !== undefined && expectedLast !== this.last) throw new WrongLastSequence(this.last);
    if (expectedLastId !== undefined && expectedLastId !== this.messages.at(-1)?.messageId)
      throw new WrongLastSequence(undefined);
    const message: MemoryMessage = { sequence: this.last + 1, time: Math.floor(now), ...rest };
    this.messages.push(message);
    const { sequence, messageId } = message;
    if (messageId !== undefined) this.recentIds.set(messageId, { sequence, until: now + this.duplicateWindowMs });
    for (const listener of this.listeners) listener(message);
    return { sequence, duplicate: false };
  }

  /** Calls back with each new message; returns how to end that. */
  listen(listener: (message: MemoryMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private forgetOldIds(now: number): void {
    for (const [id, { until }] of this.recentIds) {
      if (until > now) return;
      this.recentIds.delete(id);
    }
  }
}
