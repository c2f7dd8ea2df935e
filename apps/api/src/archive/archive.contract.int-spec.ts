import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { archiveReaderContract } from './archive-reader.contract.js';
import { PostgresArchiveReader } from './archive-reader.postgres.js';
import { archiveStoreContract, story } from './archive-store.contract.js';
import { PostgresArchiveStore } from './archive-store.postgres.js';
import { archived, type ArchivedEvent } from './archived-event.js';
import { chained } from './chain.js';
import type { Companion } from './companion.postgres.js';
import { dropOldDays } from './retention.postgres.js';
import { verified } from './stored-archive.js';
import { withStoredArchive } from './stored-archive.postgres.js';

const postgres = postgresOfSpec();

async function empty(companions: readonly Companion[] = []) {
  await postgres.makeAnew('archive');
  const store = new PostgresArchiveStore(postgres.pool, companions);
  const add = async (events: readonly ArchivedEvent[]) =>
    void (await store.append(chained(await store.head(), events, 'log-1')));
  return { store, archive: new PostgresArchiveReader(postgres.pool), add };
}

/** A body that says the time of the event. */
const bodyOf = ({ body, time }: ArchivedEvent) =>
  JSON.stringify({ ...(JSON.parse(body) as object), time: new Date(time).toISOString() });

describe('the store of an archive in Postgres', () => {
  archiveStoreContract(empty);

  test('is made once, however many processes make it at once', async () => {
    await empty();
    const made = await Promise.all([postgres.make('archive'), postgres.make('archive')]);
    expect(made.flat()).toEqual([]);
  });

  test('has a table per day', async () => {
    const { add } = await empty();
    const [one, two] = story() as [ArchivedEvent, ArchivedEvent];
    await add([one, { ...two, time: two.time + 86_400_000 }]);
    const { rows } = await postgres.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'archive.event'::regclass ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['archive.event_20260101', 'archive.event_20260102']);
  });

  test('writes what companions write with the events or not at all, and tells them when it is done', async () => {
    const told: number[] = [];
    let fails = true;
    const outbox: Companion = {
      write: async (client, events) => {
        for (const { sequence } of events) await client.query('INSERT INTO archive.outbox VALUES ($1)', [sequence]);
        if (fails) throw new Error('no');
      },
      committed: (events) => told.push(...events.map(({ sequence }) => sequence)),
    };
    const { add, archive } = await empty([outbox]);
    await postgres.query('CREATE TABLE archive.outbox (sequence bigint)');
    await expect(add(story().slice(0, 2))).rejects.toThrow('no');
    expect(await archive.extent()).toEqual({ first: 1, last: 0 });
    fails = false;
    await add(story().slice(0, 2));
    const { rows } = await postgres.query<{ sequence: string }>('SELECT sequence FROM archive.outbox');
    expect(rows.map(({ sequence }) => Number(sequence))).toEqual([1, 2]);
    expect(told).toEqual([1, 2]);
  });
});

describe('the retention of the archive in Postgres', () => {
  const DAY_MS = 86_400_000;
  const [first] = story() as [ArchivedEvent];
  const at = (sequence: number, day: number) => ({ ...first, sequence, time: first.time + day * DAY_MS });
  const days = [at(1, 0), at(2, 0), at(3, 1), at(7, 1), at(8, 2), at(9, 5)];
  const drop = (keptDays: number, atDay: number) =>
    dropOldDays(postgres.pool, keptDays * DAY_MS, first.time + atDay * DAY_MS);
  const isRight = () =>
    withStoredArchive(postgres.pool, async (archive) => {
      const rows: number[] = [];
      for await (const { event } of verified(archive)) rows.push(event.sequence);
      return rows;
    });

  test('drops whole days that are old enough, never the newest, and what is left can be verified', async () => {
    const { add, archive } = await empty();
    await add(days.map((event) => ({ ...event, ...archived({ sequence: event.sequence, raw: bodyOf(event) }) })));
    expect(await drop(2, 2)).toBe(0);
    expect(await drop(2, 3)).toBe(1);
    expect(await archive.extent()).toEqual({ first: 3, last: 9 });
    expect(await isRight()).toEqual([3, 7, 8, 9]);
    expect(await drop(1, 100)).toBe(2);
    expect(await archive.extent()).toEqual({ first: 9, last: 9 });
    expect(await isRight()).toEqual([9]);
    expect(await drop(1, 100)).toBe(0);
  });

  test('keeps what a webhook is still to be told', async () => {
    const { add, archive } = await empty();
    await postgres.make('webhook');
    await add(days);
    await postgres.query(
      `INSERT INTO webhook.delivery (endpoint_id, sequence, day, event_id, type) VALUES ('e', 7, '2026-01-02', 'x', 'y')`,
    );
    expect(await drop(1, 100)).toBe(1);
    expect((await archive.extent()).first).toBe(3);
    await postgres.query('DELETE FROM webhook.delivery');
    expect(await drop(1, 100)).toBe(2);
  });
});

describe('the archive in Postgres', () => {
  archiveReaderContract(empty);
});
