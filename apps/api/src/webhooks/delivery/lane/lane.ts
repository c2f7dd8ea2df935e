import type { AttemptResult } from '../sender.js';
import type { AttemptNote, Due, Endpoint, Seat, Settlement } from '../store/delivery-store.js';
import { Aside } from './aside.js';
import { Pace } from './pace.js';
import { nextTryInMs } from './retry-schedule.js';
import { TokenBucket } from './token-bucket.js';
import { WaitingLine } from './waiting-line.js';

/** Deliveries of an endpoint in memory: at least and at most, and how many requests ahead between. */
const FEWEST_HELD = 16;
const MOST_HELD = 256;
const REQUESTS_AHEAD = 4;
const GONE = 410;

export interface LaneRules {
  readonly retryScheduleMs: readonly number[];
  /** 0: never. */
  readonly disableAfterMs: number;
}

/** What goes out in one request. */
export type Shipment = readonly Due[];

/**
 * The deliveries to one endpoint, as long as this process has its seat: what may be sent now, what follows from an answer. It knows
 * neither store nor network nor clock: time and chance are given with each call.
 */
export class Lane {
  private readonly waiting = new WaitingLine();
  private readonly inFlight = new Set<number>();
  private readonly settling = new Map<number, number>();
  private readonly aside = new Aside();
  private requests = 0;
  private pace: Pace;
  private bucket: TokenBucket | undefined;
  private failingSince: number | undefined;
  private lastHealth: 'well' | 'failing' | undefined;
  private retryAt = Infinity;
  private given: Endpoint;
  private stopReason: string | undefined;
  readonly epoch: number;

  constructor(
    seat: Seat,
    private readonly rules: LaneRules,
    now: number,
  ) {
    this.epoch = seat.epoch;
    this.given = seat.endpoint;
    if (seat.failingForMs !== undefined) this.failingSince = now - seat.failingForMs;
    [this.pace, this.bucket] = pressureOn(seat.endpoint, this.longestStepMs);
  }

  get endpoint(): Endpoint {
    return this.given;
  }

  get isBreakerOpen(): boolean {
    return this.pace.isOpen;
  }

  /** Why nothing is sent any more: the endpoint is to be disabled. */
  get disabling(): string | undefined {
    return this.stopReason;
  }

  /** Nothing is on its way, and nothing waits to be written down. */
  get isQuiet(): boolean {
    return this.requests === 0 && this.settling.size === 0;
  }

  get hasRequests(): boolean {
    return this.requests > 0;
  }

  /** Sequences that must not be fetched again. */
  get held(): readonly number[] {
    return [...this.waiting.sequences, ...this.inFlight, ...this.settling.keys(), ...this.aside.sequences];
  }

  /** How many more deliveries it has room for; 0 while it has enough. */
  get room(): number {
    if (this.stopReason !== undefined || this.aside.isFull) return 0;
    const { concurrency, batchSize, ordered } = this.given;
    const ahead = (ordered ? 1 : concurrency) * batchSize * REQUESTS_AHEAD;
    const most = this.pace.isOpen ? batchSize : Math.min(Math.max(ahead, FEWEST_HELD), MOST_HELD);
    return this.waiting.length > most / 2 ? 0 : most - this.waiting.length;
  }

  /** When a delivery that failed here is due again, unix ms. */
  get nextRetryAt(): number {
    return this.retryAt;
  }

  /** Whether one is due by now; told once, then it is up to whoever asked to fetch it. */
  takeRetry(now: number): boolean {
    if (this.retryAt > now) return false;
    this.retryAt = this.aside.letGo(now);
    return true;
  }

  /** The endpoint was changed: whatever its receiver did, it has another chance. How long it fails counts on, unless it has moved. */
  become(endpoint: Endpoint): void {
    const moved = endpoint.url !== this.given.url;
    // What waits comes again from the store, in the order that counts by then.
    if (endpoint.ordered !== this.given.ordered) this.waiting.shorten(0);
    this.given = endpoint;
    this.stopReason = undefined;
    if (moved) this.failingSince = undefined;
    [this.pace, this.bucket] = pressureOn(endpoint, this.longestStepMs);
  }

  /** From the store; those that are held already are passed over. */
  offer(dues: readonly Due[], now: number): void {
    const held = new Set(this.held);
    const fresh = dues.filter(({ sequence }) => !held.has(sequence));
    const waiting = fresh.map((due) => ({ ...due, notBefore: now + due.inMs }));
    this.waiting.add(waiting, this.given.ordered);
  }

  /** What to send now; undefined when nothing may be. It is under way from then on, until `finish`. */
  next(now: number): Shipment | undefined {
    if (this.sendableAt(now) > now || this.bucket?.take(now) === false) return undefined;
    const shipment = this.waiting.cut(this.given.batchSize, now);
    for (const { sequence } of shipment) this.inFlight.add(sequence);
    this.requests += 1;
    return shipment;
  }

  /** When `next` gives something, unix ms, if nothing else happens until then; `Infinity`: only then. */
  sendableAt(now: number): number {
    const { first } = this.waiting;
    const atOnce = this.given.ordered ? 1 : this.pace.atOnce;
    if (first === undefined || this.stopReason !== undefined || this.requests >= atOnce) return Infinity;
    return Math.max(first.notBefore, this.pace.opensAt, this.bucket?.readyAt(now) ?? now);
  }

  /** The answer to a shipment. Returns what is to be written down. */
  finish(shipment: Shipment, result: AttemptResult, now: number, chance: number): readonly Settlement[] {
    this.requests -= 1;
    for (const { sequence } of shipment) this.inFlight.delete(sequence);
    if (result.outcome === 'delivered') this.wentWell();
    else this.failed(shipment, result, now, chance);
    return shipment.map((due) => this.settle(due, result, now, chance));
  }

  /** There was nothing to send of these: the endpoint's format does not tell of them. */
  skip(shipment: Shipment): readonly Settlement[] {
    this.requests -= 1;
    return shipment.map((due) => {
      this.inFlight.delete(due.sequence);
      return this.written({ ...this.named(due), becomes: 'delivered', attempts: due.attempts, inMs: 0 });
    });
  }

  /** These cannot be sent, now or ever. */
  giveUp(shipment: Shipment, note: Omit<AttemptNote, 'attempt' | 'eventId' | 'type'>): readonly Settlement[] {
    this.requests -= 1;
    return shipment.map((due) => {
      this.inFlight.delete(due.sequence);
      const attempts = due.attempts + 1;
      const noted = { ...note, attempt: attempts, eventId: due.eventId, type: due.type };
      return this.written({ ...this.named(due), becomes: 'dead', attempts, inMs: 0, note: noted });
    });
  }

  /** These are written down. */
  settled(sequences: readonly number[]): void {
    for (const sequence of sequences) {
      const left = (this.settling.get(sequence) ?? 1) - 1;
      if (left > 0) this.settling.set(sequence, left);
      else this.settling.delete(sequence);
    }
  }

  /** What came of this one cannot be written down: for the store it is still due, and it is fetched again after a while. */
  putAside(sequence: number, again: number): void {
    this.settled([sequence]);
    this.aside.put(sequence, again);
    this.retryAt = Math.min(this.retryAt, again);
  }

  /** How it went since this was asked the last time. */
  health(): 'well' | 'failing' | undefined {
    const health = this.lastHealth;
    this.lastHealth = undefined;
    return health;
  }

  private get longestStepMs(): number {
    return Math.max(...this.rules.retryScheduleMs, 1);
  }

  private wentWell(): void {
    this.pace.succeeded();
    this.failingSince = undefined;
    this.lastHealth = 'well';
  }

  private failed(shipment: Shipment, result: AttemptResult, now: number, chance: number): void {
    this.pace.failed(result, now, chance);
    this.failingSince ??= now;
    this.lastHealth ??= 'failing';
    const { disableAfterMs, retryScheduleMs } = this.rules;
    const why = result.error ?? 'no success';
    if (result.status === GONE) this.stopReason = 'the receiver answers 410: it is gone';
    else if (disableAfterMs > 0 && now - this.failingSince >= disableAfterMs)
      this.stopReason = `nothing but failures for too long; the last one: ${why}`;
    else if (this.given.ordered && shipment.some(({ attempts }) => attempts >= retryScheduleMs.length))
      this.stopReason = `an event could not be delivered after ${retryScheduleMs.length + 1} attempts, and none may be left out; the last one: ${why}`;
    // What waits behind a closed door is kept in the store, not here.
    if (this.pace.isOpen && !this.given.ordered) this.waiting.shorten(this.given.batchSize);
  }

  private settle(due: Due, result: AttemptResult, now: number, chance: number): Settlement {
    const attempts = due.attempts + 1;
    const note = { ...result, at: now, attempt: attempts, eventId: due.eventId, type: due.type };
    const common = { ...this.named(due), attempts, note };
    if (result.outcome === 'delivered') return this.written({ ...common, becomes: 'delivered', inMs: 0 });
    const inMs = nextTryInMs(this.rules.retryScheduleMs, attempts, chance, result.retryAfterMs);
    if (inMs === undefined && this.stopReason === undefined)
      return this.written({ ...common, becomes: 'dead', inMs: 0 });
    return this.tryAgain(due, { ...common, becomes: 'due', inMs: inMs ?? this.rules.retryScheduleMs.at(-1) ?? 0 }, now);
  }

  private tryAgain(due: Due, settlement: Settlement, now: number): Settlement {
    const { inMs, attempts } = settlement;
    this.retryAt = Math.min(this.retryAt, now + inMs);
    if (this.given.ordered) this.waiting.add([{ ...due, attempts, inMs, notBefore: now + inMs }], true);
    return this.written(settlement);
  }

  private written(settlement: Settlement): Settlement {
    this.settling.set(settlement.sequence, (this.settling.get(settlement.sequence) ?? 0) + 1);
    return settlement;
  }

  private named({ sequence }: Due): Pick<Settlement, 'endpointId' | 'epoch' | 'sequence'> {
    return { endpointId: this.given.id, epoch: this.epoch, sequence };
  }
}

function pressureOn({ ordered, concurrency, ratePerS }: Endpoint, stepMs: number): [Pace, TokenBucket | undefined] {
  return [new Pace(ordered ? 1 : concurrency, stepMs), ratePerS === undefined ? undefined : new TokenBucket(ratePerS)];
}
