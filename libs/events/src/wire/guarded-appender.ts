import type { RecordedEvent } from '#domain';
import { Deposed, Unavailable } from '../fault.js';
import type { Published } from '../ports/command-queue.js';
import type { EventAppender } from '../ports/event-log.js';

/** Appends on their way to the server at most; more wait in the process. */
export const MAX_APPENDS_IN_FLIGHT = 2000;

/** The server refused because the log does not end as the guard says. `actualLast` is where it ends, when known. */
export class WrongLastSequence extends Error {
  constructor(readonly actualLast: number | undefined) {
    super(`the stream ends with ${actualLast ?? 'another message'}`);
    this.name = 'WrongLastSequence';
  }
}

/**
 * One append and its guard. The sequence alone is not enough while predecessors are under way: when another writer has put two events
 * into the log, the first two of a deposed writer's pipeline are refused, but the third would find the very length it expects. So an
 * append whose predecessor is not acknowledged yet also demands that the log ends with that predecessor, by an id that no other
 * writer uses. Hence the message id names the writer, and the chain breaks for good at its first refused link.
 */
export interface GuardedAppend {
  readonly recorded: RecordedEvent;
  readonly messageId: string;
  readonly expectedLast: number;
  readonly expectedLastId: string | undefined;
}

export type AppendAnswer = Published | Error;

export type AnswerAppend = (append: GuardedAppend, result: AppendAnswer) => void;

/** Sends one event, to be stored only as its guard says, and answers exactly once. Keeps the order of calls. */
export type SendGuarded = (append: GuardedAppend, answer: AnswerAppend) => void;

interface Batch {
  readonly events: readonly RecordedEvent[];
  sent: number;
  acked: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface PendingAppend extends GuardedAppend {
  readonly batch: Batch;
}

/** The appender of both forms of the log: order, pipelining, and what a failure means. */
export class GuardedAppender implements EventAppender {
  private next: number;
  /** Message id of the last event sent, while there are unanswered ones. */
  private lastSentId: string | undefined;
  private inFlight = 0;
  private pumping = false;
  private failure: Error | undefined;
  /** Not completely sent, in order. */
  private readonly unsent: Batch[] = [];
  /** Not completely acknowledged. */
  private readonly open = new Set<Batch>();
  private idlers: (() => void)[] = [];

  constructor(
    afterSequence: number,
    /** Different for any two processes, so that an id tells whose append is stored. */
    private readonly writer: string,
    private readonly send: SendGuarded,
    private readonly maxInFlight = MAX_APPENDS_IN_FLIGHT,
  ) {
    this.next = afterSequence + 1;
  }

  append(events: readonly RecordedEvent[]): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    if (events.length === 0) return Promise.resolve();
    const wrong = this.firstWrong(events);
    if (wrong) return Promise.reject(wrong);
    this.next += events.length;
    return new Promise((resolve, reject) => {
      const batch: Batch = { events, sent: 0, acked: 0, resolve, reject };
      this.unsent.push(batch);
      this.open.add(batch);
      this.pump();
    });
  }

  private firstWrong(events: readonly RecordedEvent[]): RangeError | undefined {
    let due = this.next;
    for (const { id, sequence } of events) {
      if (sequence !== due)
        return new RangeError(`Cannot append event ${id}: it carries sequence ${sequence} and must carry ${due}`);
      due++;
    }
    return undefined;
  }

  idle(): Promise<void> {
    if (this.open.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.idlers.push(resolve));
  }

  close(): void {
    this.fail(new Unavailable('nats', 'Cannot append: the log was closed by its writer'));
  }

  /** Sends while there is room. An answer that comes during the sending continues this loop instead of nesting another. */
  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    for (let batch = this.unsent[0]; batch && this.inFlight < this.maxInFlight && !this.failure;) {
      this.sendOne(batch, batch.events[batch.sent++]!);
      if (batch.sent < batch.events.length) continue;
      if (this.unsent[0] === batch) this.unsent.shift();
      batch = this.unsent[0];
    }
    this.pumping = false;
  }

  private sendOne(batch: Batch, recorded: RecordedEvent): void {
    const messageId = `${recorded.id}@${this.writer}`;
    const expectedLastId = this.inFlight > 0 ? this.lastSentId : undefined;
    const append: PendingAppend = { recorded, messageId, expectedLast: recorded.sequence - 1, expectedLastId, batch };
    this.lastSentId = messageId;
    this.inFlight++;
    try {
      this.send(append, this.answer);
    } catch (error) {
      this.answer(append, error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** One function for all appends, because there are very many. */
  private readonly answer = (append: GuardedAppend, result: AppendAnswer): void => {
    this.inFlight--;
    if (this.failure) return;
    const { recorded, batch } = append as PendingAppend;
    if (result instanceof Error) return this.fail(meaningOf(result, recorded));
    if (result.sequence !== recorded.sequence) return this.fail(elsewhere(recorded, result));
    if (++batch.acked === batch.events.length) {
      this.open.delete(batch);
      batch.resolve();
      if (this.open.size === 0) this.wakeIdlers();
    }
    this.pump();
  };

  private fail(failure: Error): void {
    if (this.failure) return;
    this.failure = failure;
    for (const batch of this.open) batch.reject(failure);
    this.open.clear();
    this.unsent.length = 0;
    this.wakeIdlers();
  }

  private wakeIdlers(): void {
    for (const wake of this.idlers.splice(0)) wake();
  }
}

/**
 * A log that is longer than we know has another writer. One that is shorter misses an append of ours that got lost on the way: then
 * nobody deposed us, and only the log knows what is stored.
 */
function meaningOf(error: Error, { sequence }: RecordedEvent): Error {
  if (!(error instanceof WrongLastSequence)) return error;
  if (error.actualLast !== undefined && error.actualLast < sequence - 1) {
    const message = `Cannot append event ${sequence}: the log ends with ${error.actualLast}, an earlier append got lost`;
    return new Unavailable('nats', message, { cause: error });
  }
  return new Deposed(`Cannot append event ${sequence}: another writer was there`, { cause: error });
}

function elsewhere(recorded: RecordedEvent, { sequence, duplicate }: Published): Deposed {
  const how = duplicate ? 'is in the log already' : 'landed';
  return new Deposed(`Event ${recorded.id} ${how} at ${sequence} and must be at ${recorded.sequence}`);
}
