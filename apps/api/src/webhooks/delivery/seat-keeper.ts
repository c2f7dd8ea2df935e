import type { Clock } from '#events';
import { Errand } from './errand.js';
import type { HeldLane } from './held-lane.js';
import type { Lane } from './lane/lane.js';
import type { DeliveryStore, Renewal, Seat } from './store/delivery-store.js';

/** How long a seat stays with a process that says nothing. */
export const LEASE_MS = 10_000;
/** Nothing is sent in the last part of it: a clock may run a little slower than that of the store. */
const MARGIN_MS = 1_500;
const RENEW_EVERY_MS = LEASE_MS / 4;
/** Endpoints of one process at most. */
export const MAX_SEATS = 5_000;
/** How soon seats are looked at again when somebody speaks of endpoints that are not known here. */
const SOON_MS = 100;

export interface SeatKeeperParts {
  readonly store: Pick<DeliveryStore, 'renew' | 'take' | 'endpoints' | 'release' | 'leave'>;
  readonly clock: Clock;
  readonly worker: string;
  readonly laneOf: (seat: Seat) => Lane;
  readonly onSeat: (held: HeldLane) => void;
  readonly onRenewed: (held: HeldLane) => void;
  readonly onLost: (held: HeldLane) => void;
  readonly onFault: (error: unknown) => void;
}

/** Takes a fair share of the seats and keeps them; gives back what is too much as soon as nothing of it is under way. */
export class SeatKeeper {
  readonly held = new Map<string, HeldLane>();
  /** Endpoints that somebody else serves, as far as was seen since the last renewal. */
  private readonly others = new Set<string>();
  private oldest = 0;
  private readonly errand: Errand;

  constructor(private readonly parts: SeatKeeperParts) {
    this.errand = new Errand({ work: () => this.turn(), clock: parts.clock, gapMs: SOON_MS, onFault: parts.onFault });
  }

  /** How long the oldest delivery of all seats waits, ms. */
  get oldestMs(): number {
    return this.oldest;
  }

  /** Something waits for these. One that is not known here may be free; it is looked for once per renewal. */
  hearOf(ids: readonly string[]): void {
    const news = ids.filter((id) => !this.held.has(id) && !this.others.has(id));
    if (news.length === 0) return;
    for (const id of news) this.others.add(id);
    this.errand.ask();
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.others.clear();
      this.errand.ask();
      await this.parts.clock.sleep(RENEW_EVERY_MS, signal).catch(() => undefined);
    }
    await this.errand.stop();
  }

  /** Gives back what nothing is under way of; the rest is free when its time is over. */
  async leave(): Promise<void> {
    try {
      await this.giveBack([...this.held.values()].filter(({ lane }) => lane.isQuiet));
      await this.parts.store.leave(this.parts.worker);
    } catch (error) {
      this.parts.onFault(error);
    }
  }

  private async turn(): Promise<void> {
    const { store, worker, clock } = this.parts;
    const began = clock.now();
    const mine = [...this.held.values()];
    const seats = mine.map(({ lane }) => ({ id: lane.endpoint.id, epoch: lane.epoch, health: lane.health() }));
    const renewal = await store.renew(worker, seats, LEASE_MS);
    for (const held of mine) this.renewed(held, renewal, began);
    await this.reload(renewal);
    const surplus = this.held.size - renewal.fairShare;
    for (const held of this.held.values()) held.leaving = false;
    if (surplus > 0) await this.shrink(surplus);
    else await this.grow(Math.min(-surplus, MAX_SEATS - this.held.size));
  }

  private renewed(held: HeldLane, { kept }: Renewal, began: number): void {
    const { id } = held.lane.endpoint;
    if (!kept.has(id)) {
      this.held.delete(id);
      this.parts.onLost(held);
      return;
    }
    held.until = began + LEASE_MS - MARGIN_MS;
    this.parts.onRenewed(held);
  }

  private async reload({ kept }: Renewal): Promise<void> {
    this.oldest = Math.max(0, ...[...kept.values()].map(({ oldestMs }) => oldestMs));
    const changed = [...kept].flatMap(([id, { version }]) => {
      const held = this.held.get(id);
      return held !== undefined && held.lane.endpoint.version !== version ? [id] : [];
    });
    if (changed.length === 0) return;
    for (const endpoint of await this.parts.store.endpoints(changed)) {
      const held = this.held.get(endpoint.id);
      held?.lane.become(endpoint);
      if (held) this.parts.onSeat(held);
    }
  }

  private async grow(count: number): Promise<void> {
    const { store, worker, clock, laneOf, onSeat } = this.parts;
    if (count <= 0) return;
    const began = clock.now();
    for (const seat of await store.take(worker, count, LEASE_MS)) {
      const until = began + LEASE_MS - MARGIN_MS;
      const held = { lane: laneOf(seat), until, leaving: false, disabling: undefined, alarm: undefined };
      const before = this.held.get(seat.endpoint.id);
      if (before) this.parts.onLost(before);
      this.held.set(seat.endpoint.id, held);
      onSeat(held);
    }
  }

  /** The last taken go first, and only when nothing of them is under way; until then they send nothing more. */
  private async shrink(surplus: number): Promise<void> {
    const leaving = [...this.held.values()].slice(-surplus);
    for (const held of leaving) held.leaving = true;
    await this.giveBack(leaving.filter(({ lane }) => lane.isQuiet));
    if (leaving.some(({ lane }) => !lane.isQuiet)) this.errand.ask();
  }

  private async giveBack(gone: readonly HeldLane[]): Promise<void> {
    for (const held of gone) {
      this.held.delete(held.lane.endpoint.id);
      this.parts.onLost(held);
    }
    const seats = gone.map(({ lane }) => ({ id: lane.endpoint.id, epoch: lane.epoch }));
    await this.parts.store.release(this.parts.worker, seats);
  }
}
