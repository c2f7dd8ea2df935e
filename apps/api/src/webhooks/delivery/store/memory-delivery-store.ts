import type { Clock } from '#events';
import {
  type AttemptNote,
  type DeliveryStore,
  type Due,
  type Endpoint,
  RejectedData,
  type Renewal,
  type Renewed,
  type Seat,
  type Settlement,
  type Want,
} from './delivery-store.js';

interface Row {
  readonly sequence: number;
  readonly eventId: string;
  readonly type: string;
  readonly body: string | undefined;
  readonly firstDueAt: number;
  dueAt: number;
  attempts: number;
  state: 'due' | 'dead';
}

interface Kept {
  endpoint: Endpoint;
  enabled: boolean;
  owner: string | undefined;
  ownedUntil: number;
  epoch: number;
  failingSince: number | undefined;
  readonly rows: Map<number, Row>;
}

export interface KeptAttempt extends AttemptNote {
  readonly endpointId: string;
  readonly sequence: number;
}

/** What waits to be delivered, in memory: one for all workers of a test. */
export class MemoryDeliveryStore implements DeliveryStore {
  private readonly kept = new Map<string, Kept>();
  private readonly seen = new Map<string, number>();
  readonly attempts: KeptAttempt[] = [];
  /** What a table's rules would say no to. */
  rejects: (settlement: Settlement) => boolean = () => false;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Adds an endpoint, or changes one. */
  put(endpoint: Endpoint, enabled = true): void {
    const old = this.kept.get(endpoint.id);
    if (old) Object.assign(old, { endpoint, enabled });
    else {
      const free = { owner: undefined, ownedUntil: 0, epoch: 0, failingSince: undefined };
      this.kept.set(endpoint.id, { endpoint, enabled, ...free, rows: new Map() });
    }
  }

  disable(id: string): void {
    const kept = this.kept.get(id);
    if (kept) kept.enabled = false;
  }

  /** Events come to an endpoint, as the outbox brings them. */
  enqueue(id: string, events: readonly Pick<Row, 'sequence' | 'eventId' | 'type' | 'body'>[]): void {
    const now = this.clock.now();
    for (const event of events) {
      const row: Row = { ...event, firstDueAt: now, dueAt: now, attempts: 0, state: 'due' };
      this.kept.get(id)?.rows.set(event.sequence, row);
    }
  }

  /** Sequences of an endpoint that wait, or are dead letters. */
  waiting(id: string, state: Row['state'] = 'due'): number[] {
    const rows = [...(this.kept.get(id)?.rows.values() ?? [])];
    return rows.filter((row) => row.state === state).map(({ sequence }) => sequence);
  }

  async renew(worker: string, seats: readonly Renewed[], leaseMs: number): Promise<Renewal> {
    const now = this.clock.now();
    this.seen.set(worker, now);
    const renewed = new Map<string, { version: number; oldestMs: number }>();
    for (const { id, epoch, health } of seats) {
      const kept = this.kept.get(id);
      if (kept === undefined || !kept.enabled || kept.owner !== worker || kept.epoch !== epoch) continue;
      kept.ownedUntil = now + leaseMs;
      if (health === 'well') kept.failingSince = undefined;
      if (health === 'failing') kept.failingSince ??= now;
      const oldest = Math.min(now, ...this.inOrder(kept).map(({ firstDueAt }) => firstDueAt));
      renewed.set(id, { version: kept.endpoint.version, oldestMs: now - oldest });
    }
    const workers = [...this.seen.values()].filter((at) => at > now - leaseMs).length;
    const enabled = [...this.kept.values()].filter((one) => one.enabled).length;
    return { kept: renewed, fairShare: Math.ceil(enabled / Math.max(1, workers)) };
  }

  async take(worker: string, count: number, leaseMs: number): Promise<readonly Seat[]> {
    const now = this.clock.now();
    const free = [...this.kept.values()].filter(
      ({ enabled, owner, ownedUntil }) => enabled && (owner === undefined || ownedUntil < now),
    );
    return free.slice(0, Math.max(0, count)).map((kept) => {
      Object.assign(kept, { owner: worker, ownedUntil: now + leaseMs, epoch: kept.epoch + 1 });
      const { endpoint, epoch, failingSince } = kept;
      return { endpoint, epoch, failingForMs: failingSince === undefined ? undefined : now - failingSince };
    });
  }

  async endpoints(ids: readonly string[]): Promise<readonly Endpoint[]> {
    return ids.flatMap((id) => {
      const kept = this.kept.get(id);
      return kept?.enabled ? [kept.endpoint] : [];
    });
  }

  async release(worker: string, seats: readonly Pick<Renewed, 'id' | 'epoch'>[]): Promise<void> {
    for (const { id, epoch } of seats) {
      const kept = this.kept.get(id);
      if (kept?.owner === worker && kept.epoch === epoch) kept.owner = undefined;
    }
  }

  async leave(worker: string): Promise<void> {
    this.seen.delete(worker);
  }

  async due(wants: readonly Want[]): Promise<readonly Due[]> {
    const now = this.clock.now();
    return wants.flatMap(({ id, ordered, room, held }) => {
      const kept = this.kept.get(id);
      const rows = kept === undefined ? [] : this.inOrder(kept).filter(({ sequence }) => !held.includes(sequence));
      const found = ordered
        ? rows
        : rows.filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence);
      return found.slice(0, room).map(({ sequence, eventId, type, attempts, body, dueAt }) => ({
        ...{ endpointId: id, sequence, eventId, type, attempts, body },
        inMs: Math.max(0, dueAt - now),
      }));
    });
  }

  async settle(worker: string, settlements: readonly Settlement[]): Promise<void> {
    if (settlements.some(this.rejects)) throw new RejectedData('a rule says no');
    const now = this.clock.now();
    for (const { endpointId, epoch, sequence, becomes, attempts, inMs, note } of settlements) {
      if (note) this.attempts.push({ ...note, endpointId, sequence });
      const kept = this.kept.get(endpointId);
      if (kept === undefined || kept.owner !== worker || kept.epoch !== epoch) continue;
      const row = kept.rows.get(sequence);
      if (becomes === 'delivered') kept.rows.delete(sequence);
      else if (row) Object.assign(row, { state: becomes, attempts, dueAt: now + inMs });
    }
  }

  private inOrder({ rows }: Kept): Row[] {
    return [...rows.values()].filter(({ state }) => state === 'due').sort((a, b) => a.sequence - b.sequence);
  }
}
