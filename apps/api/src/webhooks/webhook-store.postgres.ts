import type pg from 'pg';
import type { ArchivedEvent } from '../archive/archived-event.js';
import { orUnavailable, storableText } from '../projections/database.postgres.js';
import { onClient } from '../projections/on-client.postgres.js';
import type { Endpoint, EndpointChange, EndpointSettings } from './endpoint.js';
import { ENDPOINT_COLUMNS, type EndpointColumns, endpointOf, ms } from './endpoint-columns.postgres.js';
import { MAX_BACKLOG } from './outbox.js';
import { QUEUE, REQUEUE, runQueue } from './outbox.postgres.js';
import type { Filled, Gap } from './refill.js';
import {
  type Attempt,
  type AttemptQuery,
  DELIVERY_PAGE,
  type LoggedAttempt,
  MAX_ROWS,
  type Outstanding,
  type OutstandingQuery,
  NO_TOTALS,
  type Totals,
  type Waiting,
  type WebhookStore,
} from './webhook-store.js';

const PREPARE = `
  INSERT INTO webhook.endpoint (id, name, url, format, types, subjects, headers, secrets, ordered, batch_size, concurrency, rate_per_s)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`;
const STAGE = `INSERT INTO webhook.change (command_id, endpoint_id, changed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`;
const OUTSTANDING = `
  SELECT sequence::float8, event_id AS "eventId", type, state, ${ms('due_at')} AS "dueAt", ${ms('first_due_at')} AS "queuedAt",
    attempts, last_error AS "lastError"
  FROM webhook.delivery WHERE endpoint_id = $1 AND sequence > $2 AND state = coalesce($3, state) ORDER BY sequence LIMIT $4`;
const ATTEMPTS = `
  SELECT number::float8, ${ms('at')} AS at, endpoint_id AS "endpointId", sequence::float8, event_id AS "eventId", type, attempt, outcome,
    status, latency_ms AS "latencyMs", request, response, error
  FROM webhook.attempt
  WHERE endpoint_id = $1 AND number < $2 AND ($3::bigint IS NULL OR sequence = $3) AND ($4::text IS NULL OR outcome = $4)
    AND ($5::text IS NULL OR type = $5) AND ($6::float8 IS NULL OR at >= to_timestamp($6 / 1000))
    AND ($7::float8 IS NULL OR at < to_timestamp($7 / 1000))
  ORDER BY number DESC LIMIT $8`;
const NOTE = `
  INSERT INTO webhook.attempt
    (at, day, endpoint_id, sequence, event_id, type, attempt, outcome, status, latency_ms, request, response, error)
  VALUES (to_timestamp($1::float8 / 1000), (to_timestamp($1::float8 / 1000) AT TIME ZONE 'UTC')::date,
    $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;
const WAITING = `
  SELECT count(*) FILTER (WHERE state = 'due')::integer AS due, count(*) FILTER (WHERE state = 'dead')::integer AS dead,
    ${ms(`min(first_due_at) FILTER (WHERE state = 'due')`)} AS "oldestAt"
  FROM webhook.delivery WHERE endpoint_id = $1`;
const TOTALS = `
  SELECT due::integer, dead::integer, enabled::integer, disabled::integer, gaps::integer FROM
    (SELECT count(*) FILTER (WHERE state = 'due') AS due, count(*) FILTER (WHERE state = 'dead') AS dead FROM webhook.delivery) deliveries,
    (SELECT count(*) FILTER (WHERE state = 'enabled') AS enabled, count(*) FILTER (WHERE state = 'disabled') AS disabled,
      count(*) FILTER (WHERE state <> 'creating' AND missed_from IS NOT NULL) AS gaps FROM webhook.endpoint) endpoints`;
/** A page of what was given up. */
const DEAD = `SELECT sequence FROM webhook.delivery WHERE endpoint_id = $1 AND state = 'dead'
  AND ($2::bigint[] IS NULL OR sequence = ANY($2)) ORDER BY sequence LIMIT ${DELIVERY_PAGE}`;
const GAP = `SELECT id AS "endpointId", types, subjects, missed_from::float8 AS "missedFrom",
  (SELECT $2 - count(*)::integer FROM (SELECT 1 FROM webhook.delivery WHERE endpoint_id = $1 LIMIT $2) waiting) AS room
  FROM webhook.endpoint WHERE id = $1 AND state = 'enabled' AND missed_from IS NOT NULL FOR UPDATE SKIP LOCKED`;
const LAST_NUMBER = Number.MAX_SAFE_INTEGER;

/** Rows without what is null. */
type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

export class PostgresWebhookStore implements WebhookStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly maxBacklog = MAX_BACKLOG,
  ) {}

  async prepare(id: string, settings: EndpointSettings): Promise<void> {
    const { name, url, format, types, subjects, headers, secrets, ordered, batchSize, concurrency, ratePerS } =
      settings;
    const texts = [JSON.stringify(headers), JSON.stringify(secrets)];
    await this.run('keep a new webhook', PREPARE, [
      ...[id, name, url, format, types, subjects, ...texts, ordered, batchSize, concurrency, ratePerS],
    ]);
  }

  async abandon(id: string): Promise<void> {
    await this.run('drop a webhook', `DELETE FROM webhook.endpoint WHERE id = $1 AND state = 'creating'`, [id]);
  }

  async stage(commandId: string, endpointId: string, change: EndpointChange): Promise<void> {
    await this.run('keep a change of a webhook', STAGE, [commandId, endpointId, JSON.stringify(change)]);
  }

  async unstage(commandId: string): Promise<void> {
    await this.run('drop a change of a webhook', 'DELETE FROM webhook.change WHERE command_id = $1', [commandId]);
  }

  async get(id: string): Promise<Endpoint | undefined> {
    const text = `SELECT ${ENDPOINT_COLUMNS} FROM webhook.endpoint WHERE id = $1 AND state <> 'creating'`;
    const [row] = await this.run<EndpointColumns>('read a webhook', text, [storableText(id)]);
    return row && endpointOf(row);
  }

  async list(after: number, limit: number): Promise<readonly Endpoint[]> {
    const text = `SELECT ${ENDPOINT_COLUMNS} FROM webhook.endpoint WHERE state <> 'creating' AND created_sequence > $1
      ORDER BY created_sequence LIMIT $2`;
    const rows = await this.run<EndpointColumns>('read webhooks', text, [after, bounded(limit)]);
    return rows.map(endpointOf);
  }

  async waiting(endpointId: string): Promise<Waiting> {
    const [row] = await this.run<Nullable<Waiting>>('count deliveries', WAITING, [endpointId]);
    return { due: 0, dead: 0, ...withoutNulls(row ?? {}) };
  }

  async totals(): Promise<Totals> {
    const [row] = await this.run<Totals>('count webhooks', TOTALS, []);
    return row ?? NO_TOTALS;
  }

  async outstanding({ endpointId, state, after = -1, limit }: OutstandingQuery): Promise<readonly Outstanding[]> {
    const values = [endpointId, after, state ?? null, bounded(limit)];
    const rows = await this.run<Nullable<Outstanding>>('read deliveries', OUTSTANDING, values);
    return rows.map((row) => withoutNulls(row));
  }

  async attempts(query: AttemptQuery): Promise<readonly LoggedAttempt[]> {
    const { endpointId, before = LAST_NUMBER, sequence, outcome, type, since, until, limit } = query;
    const values = [endpointId, before, sequence, outcome, type, since, until, bounded(limit)];
    const rows = await this.run<Nullable<LoggedAttempt>>('read attempts', ATTEMPTS, values);
    return rows.map((row) => withoutNulls(row) as unknown as LoggedAttempt);
  }

  async noteAttempt(attempt: Attempt): Promise<void> {
    const { at, endpointId, sequence, eventId, type, outcome, status, latencyMs, request, response, error } = attempt;
    await this.run('note an attempt', NOTE, [
      ...[at, endpointId, sequence, eventId, type, attempt.attempt, outcome, status, latencyMs],
      ...[storableText(request), storableText(response), error === undefined ? null : storableText(error)],
    ]);
  }

  requeue(endpointId: string, events: readonly ArchivedEvent[]): Promise<void> {
    const queued = events.map((event) => ({ endpointId, event }));
    return this.transaction('replay events', (client) => runQueue(client, REQUEUE, queued));
  }

  dropDead(endpointId: string, sequences?: readonly number[]): Promise<number> {
    const text = `DELETE FROM webhook.delivery WHERE endpoint_id = $1 AND state = 'dead' AND sequence IN (${DEAD})`;
    return this.count('drop dead letters', text, [endpointId, sequences]);
  }

  reviveDead(endpointId: string, sequences?: readonly number[]): Promise<number> {
    const text = `UPDATE webhook.delivery SET state = 'due', due_at = now(), first_due_at = now(), attempts = 0
      WHERE endpoint_id = $1 AND state = 'dead' AND sequence IN (${DEAD})`;
    return this.count('replay dead letters', text, [endpointId, sequences]);
  }

  async gaps(): Promise<readonly string[]> {
    const text = `SELECT id FROM webhook.endpoint WHERE state = 'enabled' AND missed_from IS NOT NULL ORDER BY id`;
    return (await this.run<{ id: string }>('read webhooks with a gap', text, [])).map(({ id }) => id);
  }

  fill(endpointId: string, work: (gap: Gap) => Promise<Filled>): Promise<void> {
    return this.transaction('fill the gap of a webhook', async (client) => {
      const [gap] = (await client.query<Gap>(GAP, [endpointId, this.maxBacklog])).rows;
      if (gap === undefined) return;
      const { events, missedFrom } = await work(gap);
      const queued = events.map((event) => ({ endpointId, event }));
      await runQueue(client, QUEUE, queued);
      await client.query('UPDATE webhook.endpoint SET missed_from = $2 WHERE id = $1', [endpointId, missedFrom]);
    });
  }

  private async run<R extends object>(doing: string, text: string, values: readonly unknown[]): Promise<R[]> {
    return (await orUnavailable(doing, () => this.pool.query<R & pg.QueryResultRow>(text, [...values]))).rows;
  }

  private async count(doing: string, text: string, values: readonly unknown[]): Promise<number> {
    return (await orUnavailable(doing, () => this.pool.query(text, [...values]))).rowCount ?? 0;
  }

  private transaction(doing: string, work: (client: pg.ClientBase) => Promise<void>): Promise<void> {
    return orUnavailable(doing, () =>
      onClient(this.pool, async (client) => {
        await client.query('BEGIN');
        await work(client);
        await client.query('COMMIT');
      }),
    );
  }
}

const bounded = (limit: number): number => Math.max(0, Math.min(limit, MAX_ROWS));

function withoutNulls<T extends object>(row: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as {
    [K in keyof T]: NonNullable<T[K]>;
  };
}
