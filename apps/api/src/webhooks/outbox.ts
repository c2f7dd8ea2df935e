import type { ArchivedEvent } from '../archive/archived-event.js';
import type { Endpoint, EndpointChange } from './endpoint.js';
import { commandIdOf, evolveEndpoint } from './evolve-endpoint.js';
import { wantsSubject, wantsType, type Wishes } from './matching.js';

/** Deliveries that may wait for one endpoint. What comes on top stays in the archive until there is room. */
export const MAX_BACKLOG = 1_000_000;

/** What the outbox remembers of an endpoint between batches. */
export interface Route extends Wishes {
  readonly id: string;
  readonly enabled: boolean;
  readonly missedFrom?: number;
}

/** One event for one endpoint. */
export interface Queued {
  readonly endpointId: string;
  readonly event: ArchivedEvent;
}

/** What the outbox reads and writes, in the transaction that archives the events. */
export interface OutboxTables {
  /** All that have been created. */
  routes(): Promise<readonly Route[]>;
  /** Up to which sequence everything is queued. */
  done(): Promise<number>;
  markDone(sequence: number): Promise<void>;
  /** Begins anew with what had failed for an endpoint. */
  restart(endpointId: string): Promise<void>;
  endpoint(id: string): Promise<Endpoint | undefined>;
  change(commandId: string): Promise<EndpointChange | undefined>;
  /** Keeps the endpoint as it is from now on. */
  save(endpoint: Endpoint): Promise<void>;
  drop(endpointId: string): Promise<void>;
  forgetChange(commandId: string): Promise<void>;
  /** Those of the endpoints whose gap is still open. Nobody closes a gap until this transaction has ended. */
  stillMissing(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** How many deliveries may yet be queued for it. */
  room(endpointId: string): Promise<number>;
  openGap(endpointId: string, sequence: number): Promise<void>;
  queue(queued: readonly Queued[]): Promise<void>;
}

export const toRoute = ({ id, types, subjects, state, missedFrom }: Endpoint): Route => ({
  ...{ id, types, subjects, enabled: state === 'enabled' },
  ...(missedFrom !== undefined && { missedFrom }),
});

/**
 * Queues, for each endpoint, the events that match, exactly once: in the transaction that archives them. What is true of endpoints is
 * taken from the very events it archives, so it is true from that event on. Between batches it remembers the endpoints; a batch
 * that does not begin where the last one ended was another archiver's turn, or the last one was not committed, and it looks again.
 */
export class Outbox {
  private routes = new Map<string, Route>();
  private byType = new Map<string, readonly Route[]>();
  private room = new Map<string, number>();
  private nextSequence: number | undefined;
  private done = 0;
  /** Of the batch under way: not written yet, and for whom there was something. */
  private queued: Queued[] = [];
  private touched = new Set<string>();

  /** Returns the ids of the endpoints that something was queued for. */
  async write(tables: OutboxTables, events: readonly ArchivedEvent[]): Promise<ReadonlySet<string>> {
    const [first, last] = [events[0], events.at(-1)];
    if (first === undefined || last === undefined) return new Set();
    if (first.sequence !== this.nextSequence) await this.reload(tables);
    this.nextSequence = undefined; // until it is written
    await this.lookAtGaps(tables);
    [this.queued, this.touched] = [[], new Set()];
    let isMarked = false;
    for (const event of events) {
      // An archive that is made again from the log tells what has been told.
      if (event.sequence <= this.done) continue;
      isMarked ||= event.noun === 'webhook' || this.routes.size > 0;
      if (event.noun === 'webhook') await this.apply(tables, event);
      if (this.routes.size > 0) await this.match(tables, event);
    }
    await this.flush(tables);
    if (isMarked) await tables.markDone(last.sequence);
    this.nextSequence = last.sequence + 1;
    return this.touched;
  }

  private async flush(tables: OutboxTables): Promise<void> {
    const queued = this.queued.splice(0);
    if (queued.length > 0) await tables.queue(queued);
  }

  private async reload(tables: OutboxTables): Promise<void> {
    this.done = await tables.done();
    this.routes = new Map((await tables.routes()).map((route) => [route.id, route]));
    this.byType.clear();
    this.room.clear();
  }

  private async lookAtGaps(tables: OutboxTables): Promise<void> {
    const open = [...this.routes.values()].filter(({ enabled, missedFrom }) => enabled && missedFrom !== undefined);
    if (open.length === 0) return;
    const missing = await tables.stillMissing(open.map(({ id }) => id));
    for (const { missedFrom: _, ...route } of open) if (!missing.has(route.id)) this.take(route);
  }

  private async apply(tables: OutboxTables, event: ArchivedEvent): Promise<void> {
    const commandId = commandIdOf(event);
    const endpoint = await tables.endpoint(event.subjectId);
    const change = event.type === 'UpdateWebhook' ? await tables.change(commandId) : undefined;
    if (change !== undefined) await tables.forgetChange(commandId);
    if (endpoint === undefined) return;
    const after = evolveEndpoint(endpoint, event, change);
    if (after === undefined) {
      await tables.drop(endpoint.id);
      this.routes.delete(endpoint.id);
      this.byType.clear();
    } else {
      await tables.save(after);
      this.take(toRoute(after));
      if (event.type !== 'WebhookEnabled') return;
      await tables.restart(after.id);
      this.touched.add(after.id);
    }
  }

  private take(route: Route): void {
    this.routes.set(route.id, route);
    this.byType.clear();
  }

  private async match(tables: OutboxTables, event: ArchivedEvent): Promise<void> {
    for (const route of this.routesFor(event)) {
      // The event that creates an endpoint is not for it.
      if (event.type === 'CreateWebhook' && event.subjectId === route.id) continue;
      if (!wantsSubject(route, event)) continue;
      if (await this.hasRoom(tables, route.id)) {
        this.queued.push({ endpointId: route.id, event });
        this.touched.add(route.id);
      } else {
        await tables.openGap(route.id, event.sequence);
        this.take({ ...route, missedFrom: event.sequence });
      }
    }
  }

  /** Those that are queued for, by the type of the event: with hundreds of endpoints most want only a few. */
  private routesFor(event: ArchivedEvent): readonly Route[] {
    const key = `${event.noun}.${event.type}`;
    const known = this.byType.get(key);
    if (known !== undefined) return known;
    const found = [...this.routes.values()].filter(
      (route) => route.enabled && route.missedFrom === undefined && wantsType(route, event),
    );
    this.byType.set(key, found);
    return found;
  }

  /** Counts only when what was free at the last count is used up. */
  private async hasRoom(tables: OutboxTables, id: string): Promise<boolean> {
    let room = this.room.get(id) ?? 0;
    if (room === 0) {
      await this.flush(tables);
      room = await tables.room(id);
    }
    this.room.set(id, Math.max(0, room - 1));
    return room > 0;
  }
}
