import pg from 'pg';
import type { Clock, EventLog } from '#events';
import type { BatchLimits } from './event-batches.js';
import { type Projected, Projector } from './projector.js';
import { PostgresProjectionStore } from './projection-store.postgres.js';
import { dropLeftovers, migrateSchema, switchSchemas, withSchemaLock } from './schema.postgres.js';
import { NEXT_SCHEMA } from './tables.postgres.js';
import { WriteBehindStore } from './write-behind-store.js';

/** Names the advisory lock of the one rebuild: "REBU" in ASCII. */
const REBUILD_LOCK = 0x52454255;
/** Large batches, because nobody waits for a single one. */
export const REBUILD_BATCH: BatchLimits = { maxEvents: 10_000, lingerMs: 20 };
/** The switch holds the live projector for as long as catching up takes; so it is tried when there is little left. */
export const SWITCH_WHEN_BEHIND_BY = 2_000;

export interface RebuildOrder {
  readonly databaseUrl: string;
  /** For the writing: its connections may do without waiting for the disk, as the work can be done again. */
  readonly pool: pg.Pool;
  readonly log: Pick<EventLog, 'follow' | 'lastSequence' | 'incarnation'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (projected: Projected, lastSequence: number) => void;
}

/**
 * Folds the whole log into a fresh set of views beside the live ones and puts it in their place. Doors read on meanwhile, the live
 * projector goes on behind the switch. Touches neither the archive nor webhooks, so nobody outside hears of anything. Begins anew when it is run again; when it is cancelled,
 * the live tables are as they were.
 */
export async function rebuild(order: RebuildOrder): Promise<{ events: number }> {
  const { databaseUrl } = order;
  return withRebuildLock(databaseUrl, async () => {
    await withSchemaLock(databaseUrl, async (client) => {
      await dropLeftovers(client);
      await migrateSchema(databaseUrl, client, NEXT_SCHEMA);
    });
    const next = new NextProjection(order);
    try {
      await next.catchUp(await order.log.lastSequence());
      await withSchemaLock(databaseUrl, (client) => client.query(`ANALYZE ${NEXT_SCHEMA}.vm`));
      for (let behind = Infinity; behind > SWITCH_WHEN_BEHIND_BY;) {
        const last = await order.log.lastSequence();
        await next.catchUp(last);
        behind = (await order.log.lastSequence()) - last;
      }
      await withSchemaLock(databaseUrl, (client) => switchSchemas(client, (sequence) => next.catchUp(sequence)));
    } catch (cause) {
      await withSchemaLock(databaseUrl, dropLeftovers).catch(() => undefined);
      throw cause;
    }
    return { events: next.events };
  });
}

class NextProjection {
  events = 0;
  private readonly store: WriteBehindStore;

  constructor(private readonly order: RebuildOrder) {
    this.store = new WriteBehindStore(new PostgresProjectionStore(order.pool, NEXT_SCHEMA));
  }

  /** Projects until the sequence is reached. Throws the signal's reason when that was given first. */
  async catchUp(toSequence: number): Promise<void> {
    const { log, clock, signal, onProgress } = this.order;
    if ((await this.store.position()).sequence >= toSequence) return;
    const done = new AbortController();
    const onCommit = (projected: Projected) => {
      this.events += projected.events;
      onProgress(projected, toSequence);
      if (projected.sequence >= toSequence) done.abort();
    };
    const projector = new Projector({ log, store: this.store, clock }, onCommit, REBUILD_BATCH);
    await projector.run(AbortSignal.any([signal, done.signal]));
    await this.store.flush();
    signal.throwIfAborted();
  }
}

/** Throws at once when another rebuild is under way. */
async function withRebuildLock<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'muster-rebuild', keepAlive: true });
  client.on('error', () => undefined); // told by the query that it cuts off
  await client.connect();
  try {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [REBUILD_LOCK]);
    if (rows[0]?.taken !== true) throw new Error('Another rebuild is under way on this database: let it finish first');
    return await work();
  } finally {
    await client.end();
  }
}
