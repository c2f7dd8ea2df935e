import type pg from 'pg';
import type { Endpoint, Renewal, Renewed, Seat } from './delivery-store.js';

/** How long a worker that ended without a word stays in the table. */
const FORGET_WORKERS_AFTER = '1 hour';

const COLUMNS = 'id, url, format, headers, secrets, ordered, batch_size, concurrency, rate_per_s, version';

interface EndpointRow {
  readonly id: string;
  readonly url: string;
  readonly format: Endpoint['format'];
  readonly headers: Endpoint['headers'];
  readonly secrets: Endpoint['secrets'];
  readonly ordered: boolean;
  readonly batch_size: number;
  readonly concurrency: number;
  readonly rate_per_s: number | null;
  readonly version: string;
}

const endpointOf = (row: EndpointRow): Endpoint => ({
  ...{ id: row.id, url: row.url, format: row.format, headers: row.headers, secrets: row.secrets },
  ...{ ordered: row.ordered, batchSize: row.batch_size, concurrency: row.concurrency },
  ratePerS: row.rate_per_s ?? undefined,
  version: Number(row.version),
});

/** `oldest_ms` is of the one that is due the longest: near enough, and one step in an index. */
const RENEW = `
  UPDATE webhook.endpoint e SET
    owned_until = now() + $5 * interval '1 ms',
    failing_since = CASE h.health
      WHEN 'well' THEN NULL WHEN 'failing' THEN coalesce(e.failing_since, now()) ELSE e.failing_since END,
    last_success_at = CASE WHEN h.health = 'well' THEN now() ELSE e.last_success_at END
  FROM unnest($2::text[], $3::bigint[], $4::text[]) AS h(id, epoch, health)
  WHERE e.id = h.id AND e.owner = $1 AND e.epoch = h.epoch AND e.state = 'enabled'
  RETURNING e.id, e.version, (
    SELECT extract(epoch FROM now() - d.first_due_at) * 1000 FROM webhook.delivery d
    WHERE d.endpoint_id = e.id AND d.state = 'due' ORDER BY d.due_at LIMIT 1) AS oldest_ms`;

const ALIVE = `
  INSERT INTO webhook.worker (id, seen_at) VALUES ($1, now()) ON CONFLICT (id) DO UPDATE SET seen_at = now()`;

/** The worker that asks counts, too: what it has just written is not seen by this statement's own snapshot in every case. */
const SHARE = `
  SELECT ceil((SELECT count(*) FROM webhook.endpoint WHERE state = 'enabled')::numeric
    / (SELECT count(*) + 1 FROM webhook.worker WHERE id <> $1 AND seen_at > now() - $2 * interval '1 ms'))::int AS share`;

/** Who finds a row locked goes on: somebody else is just taking it. */
const TAKE = `
  UPDATE webhook.endpoint SET owner = $1, owned_until = now() + $3 * interval '1 ms', epoch = epoch + 1
  WHERE id IN (
    SELECT id FROM webhook.endpoint WHERE state = 'enabled' AND (owner IS NULL OR owned_until < now())
    ORDER BY owned_until NULLS FIRST, id LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING ${COLUMNS}, epoch, extract(epoch FROM now() - failing_since) * 1000 AS failing_ms`;

/** Who delivers to whom. */
export class Seats {
  constructor(private readonly pool: pg.Pool) {}

  async renew(worker: string, seats: readonly Renewed[], leaseMs: number): Promise<Renewal> {
    await this.pool.query(ALIVE, [worker]);
    const { rows: shares } = await this.pool.query<{ share: number }>(SHARE, [worker, leaseMs]);
    const fairShare = shares[0]?.share ?? 0;
    if (seats.length === 0) return { kept: new Map(), fairShare };
    const { rows } = await this.pool.query<{ id: string; version: string; oldest_ms: string | null }>(RENEW, [
      worker,
      seats.map(({ id }) => id),
      seats.map(({ epoch }) => epoch),
      seats.map(({ health }) => health ?? null),
      leaseMs,
    ]);
    const kept = rows.map(
      ({ id, version, oldest_ms }) => [id, { version: Number(version), oldestMs: Number(oldest_ms ?? 0) }] as const,
    );
    return { kept: new Map(kept), fairShare };
  }

  async take(worker: string, count: number, leaseMs: number): Promise<readonly Seat[]> {
    if (count <= 0) return [];
    type Row = EndpointRow & { readonly epoch: string; readonly failing_ms: string | null };
    const { rows } = await this.pool.query<Row>(TAKE, [worker, count, leaseMs]);
    return rows.map((row) => ({
      endpoint: endpointOf(row),
      epoch: Number(row.epoch),
      failingForMs: row.failing_ms === null ? undefined : Number(row.failing_ms),
    }));
  }

  async endpoints(ids: readonly string[]): Promise<readonly Endpoint[]> {
    const text = `SELECT ${COLUMNS} FROM webhook.endpoint WHERE id = ANY($1) AND state = 'enabled'`;
    return (await this.pool.query<EndpointRow>(text, [ids])).rows.map(endpointOf);
  }

  async release(worker: string, seats: readonly Pick<Renewed, 'id' | 'epoch'>[]): Promise<void> {
    if (seats.length === 0) return;
    await this.pool.query(
      `UPDATE webhook.endpoint e SET owner = NULL, owned_until = NULL
       FROM unnest($2::text[], $3::bigint[]) AS s(id, epoch)
       WHERE e.id = s.id AND e.owner = $1 AND e.epoch = s.epoch`,
      [worker, seats.map(({ id }) => id), seats.map(({ epoch }) => epoch)],
    );
  }

  async leave(worker: string): Promise<void> {
    const text = `DELETE FROM webhook.worker WHERE id = $1 OR seen_at < now() - interval '${FORGET_WORKERS_AFTER}'`;
    await this.pool.query(text, [worker]);
  }
}
