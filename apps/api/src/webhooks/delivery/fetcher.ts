import type { Clock } from '#events';
import { Errand } from './errand.js';
import type { HeldLane } from './held-lane.js';
import type { DeliveryStore, Due } from './store/delivery-store.js';

/** Deliveries that one statement fetches at most, and how long those who want some wait for each other. */
const MAX_FETCHED = 1_500;
const FETCH_GAP_MS = 4;

export interface FetcherParts {
  readonly store: Pick<DeliveryStore, 'due'>;
  readonly clock: Clock;
  /** The lane has what there was for it. */
  readonly onFetched: (held: HeldLane) => void;
  readonly onFault: (error: unknown) => void;
}

/** Fetches deliveries for the lanes that may find some: one statement at a time, for all of them. */
export class Fetcher {
  /** For whom there may be more in the store than they have, the longest waiting first. */
  private readonly hungry = new Set<HeldLane>();
  private readonly errand: Errand;

  constructor(private readonly parts: FetcherParts) {
    const { clock, onFault } = parts;
    this.errand = new Errand({ work: () => this.fetch(), clock, gapMs: FETCH_GAP_MS, onFault });
  }

  /** There may be something for them. */
  look(lanes: Iterable<HeldLane>): void {
    for (const held of lanes) this.hungry.add(held);
    this.askAgain();
  }

  /** A lane has sent something, and may have room. */
  lookFurther(held: HeldLane): void {
    if (this.hungry.has(held) && held.lane.room > 0) this.errand.ask();
  }

  forget(held: HeldLane): void {
    this.hungry.delete(held);
  }

  stop(): Promise<void> {
    return this.errand.stop();
  }

  private async fetch(): Promise<void> {
    const asked = this.choose();
    if (asked.length === 0) return;
    const wants = asked.map(({ lane }) => {
      const { id, ordered } = lane.endpoint;
      return { id, ordered, room: lane.room, held: lane.held };
    });
    const dues = await this.parts.store.due(wants).catch((error: unknown) => {
      for (const held of asked) this.hungry.add(held);
      throw error;
    });
    const found = byEndpoint(dues);
    asked.forEach((held, index) => {
      const own = found.get(held.lane.endpoint.id) ?? [];
      if (own.length >= (wants[index]?.room ?? 0) && !held.leaving) this.hungry.add(held);
      held.lane.offer(own, this.parts.clock.now());
      this.parts.onFetched(held);
    });
    this.askAgain();
  }

  private choose(): HeldLane[] {
    const chosen: HeldLane[] = [];
    let rows = 0;
    for (const held of this.hungry) {
      const { room } = held.lane;
      if (room === 0) continue;
      if ((rows += room) > MAX_FETCHED && chosen.length > 0) break;
      chosen.push(held);
      this.hungry.delete(held);
    }
    return chosen;
  }

  private askAgain(): void {
    for (const { lane } of this.hungry) if (lane.room > 0) return this.errand.ask();
  }
}

function byEndpoint(dues: readonly Due[]): ReadonlyMap<string, readonly Due[]> {
  const groups = new Map<string, Due[]>();
  for (const due of dues) {
    const group = groups.get(due.endpointId);
    if (group) group.push(due);
    else groups.set(due.endpointId, [due]);
  }
  return groups;
}
