import type { Clock } from '#events';
import { Fetcher } from './fetcher.js';
import type { HeldLane } from './held-lane.js';
import { Lane, type LaneRules, type Shipment } from './lane/lane.js';
import { SeatKeeper } from './seat-keeper.js';
import type { AttemptResult, Message, Sender } from './sender.js';
import { SettleQueue } from './settle-queue.js';
import type { DeliveryStore, Endpoint, Settlement } from './store/delivery-store.js';

/** Requests of this process under way at most. */
export const MAX_REQUESTS = 2_000;
/** How often everything is looked for, if nobody says that there is something. */
export const POLL_MS = 1_000;
/** A delivery is due by the clock of the store, which may be a little behind. */
const RETRY_SLACK_MS = 50;
/** How long requests under way may take when the process ends; what is left then is sent again by whoever takes the seat. */
const STOP_LIMIT_MS = 3_000;
const DISABLE_AGAIN_MS = 5_000;

/** What is counted; ids are in logs, not here. */
export interface DeliveryMeter {
  attempt(result: AttemptResult, events: number): void;
}

export interface EngineParts {
  readonly store: DeliveryStore;
  readonly sender: Sender;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** Another name for each process. */
  readonly worker: string;
  readonly rules: LaneRules;
  readonly compose: (endpoint: Endpoint, events: Shipment) => Message | undefined;
  /** Has the endpoint disabled, unless somebody has changed it meanwhile. Throws when that could not be asked for. */
  readonly disable: (endpoint: Endpoint, epoch: number, reason: string) => Promise<void>;
  readonly meter: DeliveryMeter;
  readonly onTrouble: (message: string) => void;
}

/**
 * Brings what waits to the receivers of all endpoints whose seats this process has. It joins the parts that decide nothing (store,
 * sender, clock) to the lanes, which decide.
 */
export class DeliveryEngine {
  private readonly seats: SeatKeeper;
  private readonly settling: SettleQueue;
  private readonly fetcher: Fetcher;
  private readonly crowded = new Set<HeldLane>();
  private readonly stopped = new AbortController();
  private requests = 0;
  private quiet: () => void = () => undefined;
  private trouble: string | undefined;

  constructor(private readonly parts: EngineParts) {
    const { store, clock, worker, rules } = parts;
    const onFault = (error: unknown): void => this.tell(error);
    this.settling = new SettleQueue({ store, clock, worker, onFault, onRoom: () => this.pumpAll() });
    this.fetcher = new Fetcher({ store, clock, onFault, onFetched: (held) => this.pump(held) });
    this.seats = new SeatKeeper({
      ...{ store, clock, worker, onFault },
      laneOf: (seat) => new Lane(seat, rules, clock.now()),
      onSeat: (held) => this.fetcher.look([held]),
      onRenewed: (held) => this.pump(held),
      onLost: (held) => this.drop(held),
    });
  }

  /** Events have come to these endpoints; to any, when they are not named. */
  wake(ids?: readonly string[]): void {
    const { held } = this.seats;
    const known = ids?.flatMap((id) => held.get(id) ?? []) ?? held.values();
    this.fetcher.look(known);
    if (ids !== undefined) this.seats.hearOf(ids);
  }

  /** Endpoints that nothing but probes is sent to. */
  get openBreakers(): number {
    return [...this.seats.held.values()].filter(({ lane }) => lane.isBreakerOpen).length;
  }

  get endpoints(): number {
    return this.seats.held.size;
  }

  /** How long the oldest delivery of our endpoints waits, ms, when that was last looked at. */
  get oldestMs(): number {
    return this.seats.oldestMs;
  }

  /** Returns when the signal is given and what was under way is written down, or left to others. */
  async run(signal: AbortSignal): Promise<void> {
    const seats = this.seats.run(signal);
    while (!signal.aborted) {
      this.wake();
      await this.parts.clock.sleep(POLL_MS, signal).catch(() => undefined);
    }
    this.stopped.abort();
    await Promise.all([seats, this.fetcher.stop(), this.untilQuiet()]);
    await this.settling.stop();
    await this.seats.leave();
    this.parts.sender.close();
  }

  private async untilQuiet(): Promise<void> {
    if (this.requests === 0) return;
    await new Promise<void>((resolve) => {
      this.quiet = resolve;
      this.parts.clock.after(STOP_LIMIT_MS, resolve);
    });
  }

  private pumpAll(): void {
    for (const held of this.seats.held.values()) this.pump(held);
  }

  /** Sends what may be sent to one endpoint, and sees to it that the next look comes in time. */
  private pump(held: HeldLane): void {
    const { clock } = this.parts;
    for (;;) {
      if (!this.maySend(held)) return;
      const shipment = held.lane.next(clock.now());
      if (shipment === undefined) break;
      void this.deliver(held, shipment);
    }
    this.setAlarm(held);
  }

  private maySend(held: HeldLane): boolean {
    if (this.stopped.signal.aborted || held.leaving || this.parts.clock.now() >= held.until) return false;
    if (this.settling.isFull) return false;
    if (this.requests < MAX_REQUESTS) return true;
    this.crowded.add(held);
    return false;
  }

  private setAlarm(held: HeldLane): void {
    const now = this.parts.clock.now();
    const at = Math.min(held.lane.sendableAt(now), held.lane.nextRetryAt + RETRY_SLACK_MS);
    if (at === Infinity || (held.alarm !== undefined && held.alarm.at <= at)) return;
    held.alarm?.alarm.cancel();
    const wake = (): void => {
      held.alarm = undefined;
      if (held.lane.takeRetry(this.parts.clock.now())) this.fetcher.look([held]);
      this.pump(held);
    };
    held.alarm = { at, alarm: this.parts.clock.after(Math.max(0, at - now), wake) };
  }

  private async deliver(held: HeldLane, shipment: Shipment): Promise<void> {
    this.requests += 1;
    const settlements = await this.attempt(held.lane, shipment);
    this.requests -= 1;
    this.settling.add(held.lane, settlements);
    if (held.lane.disabling !== undefined && held.disabling !== held.lane.endpoint.version) void this.disable(held);
    this.fetcher.lookFurther(held);
    this.pump(held);
    this.letIn();
    if (this.requests === 0) this.quiet();
  }

  private async attempt(lane: Lane, shipment: Shipment): Promise<readonly Settlement[]> {
    const { sender, clock, chance, compose, meter } = this.parts;
    if (shipment.some(({ body }) => body === undefined)) return lane.giveUp(shipment, lostAt(clock.now()));
    const message = compose(lane.endpoint, shipment);
    if (message === undefined) return lane.skip(shipment);
    const result = await sender.send(lane.endpoint, message);
    meter.attempt(result, shipment.length);
    return lane.finish(shipment, result, clock.now(), chance());
  }

  /** Those who found the process full have their turn, the first one first. */
  private letIn(): void {
    for (const held of this.crowded) {
      if (this.requests >= MAX_REQUESTS) return;
      this.crowded.delete(held);
      this.pump(held);
    }
  }

  private async disable(held: HeldLane): Promise<void> {
    const { endpoint } = held.lane;
    const { clock, disable } = this.parts;
    held.disabling = endpoint.version;
    while (this.mustDisable(held, endpoint)) {
      try {
        return await disable(endpoint, held.lane.epoch, held.lane.disabling ?? '');
      } catch (error) {
        this.tell(error);
        await clock.sleep(DISABLE_AGAIN_MS, this.stopped.signal).catch(() => undefined);
      }
    }
  }

  /** Until it is asked for, somebody changes the endpoint, or the seat is another's. */
  private mustDisable({ lane }: HeldLane, { id, version }: Endpoint): boolean {
    const isOurs = this.seats.held.get(id)?.lane === lane && !this.stopped.signal.aborted;
    return isOurs && lane.disabling !== undefined && lane.endpoint.version === version;
  }

  private drop(held: HeldLane): void {
    held.leaving = true;
    held.alarm?.alarm.cancel();
    this.fetcher.forget(held);
    this.crowded.delete(held);
    this.parts.sender.forget(held.lane.endpoint.id);
  }

  /** A long trouble is told once. */
  private tell(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.trouble) return;
    this.trouble = message;
    this.parts.onTrouble(message);
  }
}

/** Of an event that the archive does not keep any more: whatever retention does, a delivery must end somewhere. */
const lostAt = (at: number) => ({
  ...{ at, outcome: 'failed' as const, latencyMs: 0, request: '', response: '' },
  error: 'the archive does not have this event any more',
});
