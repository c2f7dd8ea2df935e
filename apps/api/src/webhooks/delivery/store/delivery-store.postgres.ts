import type pg from 'pg';
import { isRejectedData, orUnavailable, storableText } from '../../../projections/database.postgres.js';
import { type DeliveryStore, type Due, type Endpoint, RejectedData, type Renewal } from './delivery-store.js';
import type { Renewed, Seat, Settlement, Want } from './delivery-store.js';
import { Seats } from './seats.postgres.js';

/**
 * For many endpoints at once, so many each. Which are held is unpacked once per endpoint. Each body is looked up by the key of its
 * partition; the limits keep the planner from joining the archive as a whole.
 */
const DUE = `
  WITH want AS MATERIALIZED (
    SELECT id, ordered, room, held::bigint[] AS held
    FROM unnest($1::text[], $2::boolean[], $3::integer[], $4::text[]) AS w(id, ordered, room, held))
  SELECT w.id, d.sequence, d.event_id, d.type, d.attempts, d.in_ms, e.body
  FROM want w
  CROSS JOIN LATERAL (
    (SELECT sequence, day, event_id, type, attempts, 0 AS in_ms FROM webhook.delivery
     WHERE NOT w.ordered AND endpoint_id = w.id AND state = 'due' AND due_at <= now() AND sequence <> ALL (w.held)
     ORDER BY due_at, sequence LIMIT w.room)
    UNION ALL
    (SELECT sequence, day, event_id, type, attempts, greatest(0, extract(epoch FROM due_at - now()) * 1000)::bigint
     FROM webhook.delivery
     WHERE w.ordered AND endpoint_id = w.id AND state = 'due' AND sequence <> ALL (w.held)
     ORDER BY sequence LIMIT w.room)) d
  LEFT JOIN LATERAL (
    SELECT body::text FROM archive.event WHERE sequence = d.sequence AND day = d.day LIMIT 1) e ON true`;

/** One statement, so one transaction. What is not (or no more) ours is noted and otherwise left alone. */
const SETTLE = `
  WITH ours AS MATERIALIZED (
    SELECT s.* FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::integer[], $7::bigint[], $8::text[])
      AS s(endpoint_id, epoch, sequence, becomes, attempts, in_ms, error)
    JOIN webhook.endpoint e ON e.id = s.endpoint_id AND e.owner = $1 AND e.epoch = s.epoch),
  gone AS (
    DELETE FROM webhook.delivery d USING ours s
    WHERE s.becomes = 'delivered' AND d.endpoint_id = s.endpoint_id AND d.sequence = s.sequence),
  moved AS (
    UPDATE webhook.delivery d SET state = s.becomes, attempts = s.attempts, last_error = s.error,
      due_at = now() + s.in_ms * interval '1 ms'
    FROM ours s WHERE s.becomes <> 'delivered' AND d.endpoint_id = s.endpoint_id AND d.sequence = s.sequence)
  INSERT INTO webhook.attempt (at, day, endpoint_id, sequence, event_id, type, attempt, outcome, status, latency_ms,
    request, response, error)
  SELECT to_timestamp(at / 1000.0), (to_timestamp(at / 1000.0) AT TIME ZONE 'UTC')::date, endpoint_id, sequence,
    event_id, type, attempt, outcome, status, latency_ms, request, response, error
  FROM unnest($9::text[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::integer[], $15::text[],
    $16::integer[], $17::integer[], $18::text[], $19::text[], $20::text[])
    AS a(endpoint_id, sequence, at, event_id, type, attempt, outcome, status, latency_ms, request, response, error)`;

interface DueRow {
  readonly id: string;
  readonly sequence: string;
  readonly event_id: string;
  readonly type: string;
  readonly attempts: number;
  readonly in_ms: string;
  readonly body: string | null;
}

/** What waits to be delivered, in the tables of the webhooks. Its clock is the database's. */
export class PostgresDeliveryStore implements DeliveryStore {
  private readonly seats: Seats;

  constructor(private readonly pool: pg.Pool) {
    this.seats = new Seats(pool);
  }

  renew(worker: string, seats: readonly Renewed[], leaseMs: number): Promise<Renewal> {
    return orUnavailable('renew the seats of webhooks', () => this.seats.renew(worker, seats, leaseMs));
  }

  take(worker: string, count: number, leaseMs: number): Promise<readonly Seat[]> {
    return orUnavailable('take seats of webhooks', () => this.seats.take(worker, count, leaseMs));
  }

  endpoints(ids: readonly string[]): Promise<readonly Endpoint[]> {
    return orUnavailable('read webhooks', () => this.seats.endpoints(ids));
  }

  release(worker: string, seats: readonly Pick<Renewed, 'id' | 'epoch'>[]): Promise<void> {
    return orUnavailable('give back seats of webhooks', () => this.seats.release(worker, seats));
  }

  leave(worker: string): Promise<void> {
    return orUnavailable('leave the webhooks', () => this.seats.leave(worker));
  }

  async due(wants: readonly Want[]): Promise<readonly Due[]> {
    if (wants.length === 0) return [];
    const values = [
      wants.map(({ id }) => id),
      wants.map(({ ordered }) => ordered),
      wants.map(({ room }) => room),
      wants.map(({ held }) => `{${held.join(',')}}`),
    ];
    const query = { name: 'webhook_due', text: DUE, values };
    const { rows } = await orUnavailable('read what is due', () => this.pool.query<DueRow>(query));
    return rows.map((row) => ({
      ...{ endpointId: row.id, sequence: Number(row.sequence), eventId: row.event_id, type: row.type },
      ...{ attempts: row.attempts, inMs: Number(row.in_ms), body: row.body ?? undefined },
    }));
  }

  async settle(worker: string, settlements: readonly Settlement[]): Promise<void> {
    if (settlements.length === 0) return;
    const values = [worker, ...stateColumns(lastOfEach(settlements)), ...noteColumns(settlements)];
    const query = { name: 'webhook_settle', text: SETTLE, values };
    try {
      await orUnavailable('write down what was delivered', () => this.pool.query(query));
    } catch (cause) {
      if (!isRejectedData(cause)) throw cause;
      throw new RejectedData(`Postgres rejects it: ${(cause as Error).message}`, { cause });
    }
  }
}

/** One delivery may have been tried twice since the last time; where it ended is what counts. */
function lastOfEach(settlements: readonly Settlement[]): readonly Settlement[] {
  return [...new Map(settlements.map((one) => [`${one.sequence} ${one.endpointId}`, one])).values()];
}

function stateColumns(settlements: readonly Settlement[]): unknown[][] {
  return [
    settlements.map(({ endpointId }) => endpointId),
    settlements.map(({ epoch }) => epoch),
    settlements.map(({ sequence }) => sequence),
    settlements.map(({ becomes }) => becomes),
    settlements.map(({ attempts }) => attempts),
    settlements.map(({ inMs }) => Math.round(inMs)),
    settlements.map(({ note }) => textOf(note?.error)),
  ];
}

function noteColumns(settlements: readonly Settlement[]): unknown[][] {
  const noted = settlements.flatMap(({ endpointId, sequence, note }) => (note ? [{ endpointId, sequence, note }] : []));
  return [
    noted.map(({ endpointId }) => endpointId),
    noted.map(({ sequence }) => sequence),
    noted.map(({ note }) => Math.round(note.at)),
    noted.map(({ note }) => note.eventId),
    noted.map(({ note }) => note.type),
    noted.map(({ note }) => note.attempt),
    noted.map(({ note }) => note.outcome),
    noted.map(({ note }) => note.status ?? null),
    noted.map(({ note }) => Math.round(note.latencyMs)),
    noted.map(({ note }) => storableText(note.request)),
    noted.map(({ note }) => storableText(note.response)),
    noted.map(({ note }) => textOf(note.error)),
  ];
}

const textOf = (text: string | undefined): string | null => (text === undefined ? null : storableText(text));
