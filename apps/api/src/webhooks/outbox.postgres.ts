import type pg from 'pg';
import type { ArchivedEvent } from '../archive/archived-event.js';
import type { Companion } from '../archive/companion.postgres.js';
import { storableText } from '../projections/database.postgres.js';
import type { Endpoint, EndpointChange } from './endpoint.js';
import { ENDPOINT_COLUMNS, type EndpointColumns, endpointOf } from './endpoint-columns.postgres.js';
import { MAX_BACKLOG, Outbox, type OutboxTables, type Queued, type Route } from './outbox.js';

/**
 * Joins what is queued with the archive, which knows the day of each event. What is queued already stays as it is.
 * $1 endpoints, $2 sequences, $3 and $4 the first and the last of these.
 */
const queueText = (onConflict: string): string => `
  WITH archived AS MATERIALIZED (SELECT sequence, day, id, type FROM archive.event WHERE sequence BETWEEN $3 AND $4)
  INSERT INTO webhook.delivery (endpoint_id, sequence, day, event_id, type)
  SELECT queued.endpoint_id, sequence, day, id, type
  FROM unnest($1::text[], $2::bigint[]) AS queued (endpoint_id, sequence) JOIN archived USING (sequence)
  ON CONFLICT (endpoint_id, sequence) ${onConflict}`;

export const QUEUE = queueText('DO NOTHING');
/** Of a delivery that is outstanding, this is its next attempt; one that was given up begins anew. */
export const REQUEUE = queueText(`DO UPDATE SET due_at = now(), state = 'due',
  attempts = CASE WHEN delivery.state = 'dead' THEN 0 ELSE delivery.attempts END,
  first_due_at = CASE WHEN delivery.state = 'dead' THEN now() ELSE delivery.first_due_at END`);

export async function runQueue(client: pg.ClientBase, text: string, queued: readonly Queued[]): Promise<void> {
  const sequences = queued.map(({ event }) => event.sequence);
  if (sequences.length === 0) return;
  const [first, last] = [Math.min(...sequences), Math.max(...sequences)];
  await client.query(text, [queued.map(({ endpointId }) => endpointId), sequences, first, last]);
}

/** Hears that something is due for these endpoints. */
export type WakeListener = (endpointIds: readonly string[]) => void;

/** The companion of the archiver that queues deliveries. Whoever listens is told after each commit, by whose archiver this is. */
export class WebhookOutbox implements Companion {
  private readonly outbox = new Outbox();
  private readonly listeners: WakeListener[] = [];
  private touched: ReadonlySet<string> = new Set();

  /** `maxBacklog`: deliveries that may wait for one webhook. */
  constructor(private readonly maxBacklog = MAX_BACKLOG) {}

  onWake(listener: WakeListener): void {
    this.listeners.push(listener);
  }

  readonly wake: WakeListener = (endpointIds) => {
    for (const listener of this.listeners) listener(endpointIds);
  };

  async write(client: pg.ClientBase, events: readonly ArchivedEvent[]): Promise<void> {
    this.touched = new Set();
    this.touched = await this.outbox.write(new Tables(client, this.maxBacklog), events);
  }

  committed(): void {
    if (this.touched.size > 0) this.wake([...this.touched]);
    this.touched = new Set();
  }
}

const ROUTES = `SELECT id, types, subjects, state = 'enabled' AS enabled, missed_from::float8 AS "missedFrom"
  FROM webhook.endpoint WHERE state <> 'creating'`;
const SAVE = `UPDATE webhook.endpoint SET name = $2, url = $3, format = $4, types = $5, subjects = $6, headers = $7, secrets = $8,
  ordered = $9, batch_size = $10, concurrency = $11, rate_per_s = $12, state = $13, disabled_by = $14, disabled_reason = $15,
  disabled_at = to_timestamp($16::float8 / 1000), version = $17, created_sequence = coalesce(created_sequence, $17),
  created_at = to_timestamp($18::float8 / 1000), updated_at = to_timestamp($19::float8 / 1000), missed_from = $20
  WHERE id = $1`;
const ROOM = `SELECT $2 - count(*)::integer AS room FROM (SELECT 1 FROM webhook.delivery WHERE endpoint_id = $1 LIMIT $2) waiting`;

class Tables implements OutboxTables {
  constructor(
    private readonly client: pg.ClientBase,
    private readonly maxBacklog: number,
  ) {}

  async routes(): Promise<readonly Route[]> {
    const { rows } = await this.client.query<Omit<Route, 'missedFrom'> & { missedFrom: number | null }>(ROUTES);
    return rows.map(({ missedFrom, ...route }) => (missedFrom === null ? route : { ...route, missedFrom }));
  }

  async done(): Promise<number> {
    const { rows } = await this.client.query<{ sequence: string }>('SELECT sequence FROM webhook.outbox');
    return Number(rows[0]?.sequence ?? 0);
  }

  async markDone(sequence: number): Promise<void> {
    await this.client.query('UPDATE webhook.outbox SET sequence = $1', [sequence]);
  }

  async restart(endpointId: string): Promise<void> {
    const text = `UPDATE webhook.delivery SET attempts = 0, due_at = now()
      WHERE endpoint_id = $1 AND state = 'due' AND (attempts > 0 OR due_at > now())`;
    await this.client.query(text, [endpointId]);
  }

  async endpoint(id: string): Promise<Endpoint | undefined> {
    const text = `SELECT ${ENDPOINT_COLUMNS} FROM webhook.endpoint WHERE id = $1 FOR UPDATE`;
    const [row] = (await this.client.query<EndpointColumns>(text, [storableText(id)])).rows;
    return row && endpointOf(row);
  }

  async change(commandId: string): Promise<EndpointChange | undefined> {
    const text = 'SELECT changed FROM webhook.change WHERE command_id = $1';
    return (await this.client.query<{ changed: EndpointChange }>(text, [storableText(commandId)])).rows[0]?.changed;
  }

  async forgetChange(commandId: string): Promise<void> {
    await this.client.query('DELETE FROM webhook.change WHERE command_id = $1', [storableText(commandId)]);
  }

  async save(endpoint: Endpoint): Promise<void> {
    const { id, name, url, format, types, subjects, headers, secrets, ordered, batchSize, concurrency } = endpoint;
    const { ratePerS, state, disabledBy, disabledReason, disabledAt, version, createdAt, updatedAt } = endpoint;
    await this.client.query(SAVE, [
      ...[id, name, url, format, types, subjects, JSON.stringify(headers), JSON.stringify(secrets), ordered],
      ...[batchSize, concurrency, ratePerS, state, disabledBy, disabledReason, disabledAt, version],
      ...[createdAt, updatedAt, endpoint.missedFrom],
    ]);
  }

  async drop(endpointId: string): Promise<void> {
    // What waits for it may be a million rows; they are swept, and nobody delivers for an endpoint that is not there.
    await this.client.query('DELETE FROM webhook.endpoint WHERE id = $1', [endpointId]);
    await this.client.query('DELETE FROM webhook.change WHERE endpoint_id = $1', [endpointId]);
  }

  async stillMissing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const text = `SELECT id FROM webhook.endpoint WHERE id = ANY($1) AND missed_from IS NOT NULL ORDER BY id FOR UPDATE`;
    return new Set((await this.client.query<{ id: string }>(text, [ids])).rows.map(({ id }) => id));
  }

  async room(endpointId: string): Promise<number> {
    return (await this.client.query<{ room: number }>(ROOM, [endpointId, this.maxBacklog])).rows[0]?.room ?? 0;
  }

  async openGap(endpointId: string, sequence: number): Promise<void> {
    await this.client.query('UPDATE webhook.endpoint SET missed_from = $2 WHERE id = $1', [endpointId, sequence]);
  }

  queue(queued: readonly Queued[]): Promise<void> {
    return runQueue(this.client, QUEUE, queued);
  }
}
