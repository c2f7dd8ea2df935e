import type { ArchivedEvent } from '../archive/archived-event.js';
import type { Endpoint, EndpointChange, EndpointSettings } from './endpoint.js';
import { MAX_BACKLOG, type OutboxTables, type Queued, type Route, toRoute } from './outbox.js';
import type { Filled, Gap } from './refill.js';
import {
  type Attempt,
  type AttemptQuery,
  DELIVERY_PAGE,
  type LoggedAttempt,
  type Outstanding,
  type OutstandingQuery,
  type Totals,
  type Waiting,
  type WebhookStore,
} from './webhook-store.js';

/** Webhooks in memory, for tests of the doors, and the measure of the Postgres form. It is its own outbox's tables. */
export class MemoryWebhookStore implements WebhookStore, OutboxTables {
  private endpoints = new Map<string, Endpoint>();
  private changes = new Map<string, { endpointId: string; change: EndpointChange }>();
  private deliveries = new Map<string, Map<number, Outstanding>>();
  private doneTo = 0;
  private readonly log: LoggedAttempt[] = [];

  constructor(
    private readonly now: () => number,
    private readonly maxBacklog = MAX_BACKLOG,
  ) {}

  async prepare(id: string, settings: EndpointSettings): Promise<void> {
    if (this.endpoints.has(id)) return;
    const at = this.now();
    this.endpoints.set(id, { id, ...settings, state: 'creating', version: 0, createdAt: at, updatedAt: at });
  }

  async abandon(id: string): Promise<void> {
    if (this.endpoints.get(id)?.state === 'creating') this.endpoints.delete(id);
  }

  async stage(commandId: string, endpointId: string, change: EndpointChange): Promise<void> {
    if (!this.changes.has(commandId)) this.changes.set(commandId, { endpointId, change });
  }

  async unstage(commandId: string): Promise<void> {
    this.changes.delete(commandId);
  }

  async get(id: string): Promise<Endpoint | undefined> {
    return this.created().find((endpoint) => endpoint.id === id);
  }

  async list(after: number, limit: number): Promise<readonly Endpoint[]> {
    const place = ({ createdSequence = 0 }: Endpoint): number => createdSequence;
    return this.created()
      .filter((endpoint) => place(endpoint) > after)
      .sort((a, b) => place(a) - place(b))
      .slice(0, limit);
  }

  async waiting(endpointId: string): Promise<Waiting> {
    const all = [...this.of(endpointId).values()];
    const due = all.filter(({ state }) => state === 'due');
    const oldestAt = Math.min(...due.map(({ queuedAt }) => queuedAt));
    return { due: due.length, dead: all.length - due.length, ...(due.length > 0 && { oldestAt }) };
  }

  async totals(): Promise<Totals> {
    const all = [...this.deliveries.values()].flatMap((deliveries) => [...deliveries.values()]);
    const due = all.filter(({ state }) => state === 'due').length;
    const webhooks = this.created();
    const enabled = webhooks.filter(({ state }) => state === 'enabled').length;
    const gaps = webhooks.filter(({ missedFrom }) => missedFrom !== undefined).length;
    return { due, dead: all.length - due, enabled, disabled: webhooks.length - enabled, gaps };
  }

  async outstanding({ endpointId, state, after = -1, limit }: OutstandingQuery): Promise<readonly Outstanding[]> {
    return [...this.of(endpointId).values()]
      .filter((one) => one.sequence > after && (state ?? one.state) === one.state)
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit);
  }

  async attempts(query: AttemptQuery): Promise<readonly LoggedAttempt[]> {
    const { before = Infinity, since = -Infinity, until = Infinity } = query;
    const is = (wanted: unknown, actual: unknown): boolean => wanted === undefined || wanted === actual;
    return this.log
      .filter((one) => one.endpointId === query.endpointId && one.number < before)
      .filter((one) => is(query.sequence, one.sequence) && is(query.outcome, one.outcome) && is(query.type, one.type))
      .filter(({ at }) => at >= since && at < until)
      .reverse()
      .slice(0, query.limit);
  }

  async noteAttempt(attempt: Attempt): Promise<void> {
    this.log.push({ ...attempt, number: this.log.length + 1 });
  }

  async requeue(endpointId: string, events: readonly ArchivedEvent[]): Promise<void> {
    for (const event of events) {
      const known = this.of(endpointId).get(event.sequence);
      if (known?.state === 'due') this.put(endpointId, { ...known, dueAt: this.now() });
      else this.put(endpointId, this.fresh(event, known));
    }
  }

  async dropDead(endpointId: string, sequences?: readonly number[]): Promise<number> {
    const dead = this.dead(endpointId, sequences);
    for (const { sequence } of dead) this.of(endpointId).delete(sequence);
    return dead.length;
  }

  async reviveDead(endpointId: string, sequences?: readonly number[]): Promise<number> {
    const dead = this.dead(endpointId, sequences);
    const at = this.now();
    for (const one of dead) this.put(endpointId, { ...one, state: 'due', dueAt: at, queuedAt: at, attempts: 0 });
    return dead.length;
  }

  async gaps(): Promise<readonly string[]> {
    return this.created()
      .filter(({ state, missedFrom }) => state === 'enabled' && missedFrom !== undefined)
      .map(({ id }) => id);
  }

  async fill(endpointId: string, work: (gap: Gap) => Promise<Filled>): Promise<void> {
    if (!(await this.gaps()).includes(endpointId)) return;
    const { missedFrom = 0, types, subjects } = this.endpoints.get(endpointId) as Endpoint;
    const filled = await work({ endpointId, types, subjects, missedFrom, room: await this.room(endpointId) });
    await this.queue(filled.events.map((event) => ({ endpointId, event })));
    this.setGap(endpointId, filled.missedFrom);
  }

  async routes(): Promise<readonly Route[]> {
    return this.created().map(toRoute);
  }

  async done(): Promise<number> {
    return this.doneTo;
  }

  async markDone(sequence: number): Promise<void> {
    this.doneTo = sequence;
  }

  async restart(endpointId: string): Promise<void> {
    for (const one of this.of(endpointId).values())
      if (one.state === 'due') this.put(endpointId, { ...one, attempts: 0, dueAt: Math.min(one.dueAt, this.now()) });
  }

  async endpoint(id: string): Promise<Endpoint | undefined> {
    return this.endpoints.get(id);
  }

  async change(commandId: string): Promise<EndpointChange | undefined> {
    return this.changes.get(commandId)?.change;
  }

  async forgetChange(commandId: string): Promise<void> {
    this.changes.delete(commandId);
  }

  async save(endpoint: Endpoint): Promise<void> {
    this.endpoints.set(endpoint.id, endpoint);
  }

  async drop(endpointId: string): Promise<void> {
    this.endpoints.delete(endpointId);
    this.deliveries.delete(endpointId);
    for (const [commandId, change] of this.changes)
      if (change.endpointId === endpointId) this.changes.delete(commandId);
  }

  async stillMissing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(ids.filter((id) => this.endpoints.get(id)?.missedFrom !== undefined));
  }

  async room(endpointId: string): Promise<number> {
    return Math.max(0, this.maxBacklog - this.of(endpointId).size);
  }

  async openGap(endpointId: string, sequence: number): Promise<void> {
    this.setGap(endpointId, sequence);
  }

  async queue(queued: readonly Queued[]): Promise<void> {
    for (const { endpointId, event } of queued)
      if (!this.of(endpointId).has(event.sequence)) this.put(endpointId, this.fresh(event));
  }

  /** As whoever delivers would leave a delivery; undefined: it was taken. */
  settle(endpointId: string, sequence: number, left?: Partial<Outstanding>): void {
    const known = this.of(endpointId).get(sequence);
    if (known === undefined) return;
    if (left === undefined) this.of(endpointId).delete(sequence);
    else this.put(endpointId, { ...known, ...left });
  }

  /** All that is kept, as it is now. */
  copy(): () => void {
    const [endpoints, changes] = [new Map(this.endpoints), new Map(this.changes)];
    const deliveries = new Map([...this.deliveries].map(([id, all]) => [id, new Map(all)]));
    const { doneTo } = this;
    return () => {
      this.doneTo = doneTo;
      this.endpoints = endpoints;
      this.changes = changes;
      this.deliveries = deliveries;
    };
  }

  /** Every text that is kept. */
  held(): string {
    return JSON.stringify([[...this.endpoints.values()], [...this.changes.values()], this.log]);
  }

  private created(): Endpoint[] {
    return [...this.endpoints.values()].filter(({ state }) => state !== 'creating');
  }

  private of(endpointId: string): Map<number, Outstanding> {
    const known = this.deliveries.get(endpointId) ?? new Map<number, Outstanding>();
    this.deliveries.set(endpointId, known);
    return known;
  }

  private put(endpointId: string, delivery: Outstanding): void {
    this.of(endpointId).set(delivery.sequence, delivery);
  }

  private fresh({ sequence, id, type }: ArchivedEvent, known?: Outstanding): Outstanding {
    const at = this.now();
    const lastError = known?.lastError;
    return {
      ...{ sequence, eventId: id, type, state: 'due', dueAt: at, queuedAt: at, attempts: 0 },
      ...(lastError !== undefined && { lastError }),
    };
  }

  private dead(endpointId: string, sequences?: readonly number[]): Outstanding[] {
    return [...this.of(endpointId).values()]
      .filter(({ state, sequence }) => state === 'dead' && (sequences?.includes(sequence) ?? true))
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, DELIVERY_PAGE);
  }

  private setGap(endpointId: string, missedFrom: number | undefined): void {
    const { missedFrom: _, ...endpoint } = this.endpoints.get(endpointId) as Endpoint;
    this.endpoints.set(endpointId, missedFrom === undefined ? endpoint : { ...endpoint, missedFrom });
  }
}
