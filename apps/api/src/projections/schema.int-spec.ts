import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { projectionDataSource } from './data-source.postgres.js';
import { PostgresFollowerSeat } from './follower-seat.postgres.js';
import { LIVE_SCHEMA, NEXT_SCHEMA } from './tables.postgres.js';

const postgres = postgresOfSpec();

describe('the tables', () => {
  test('are made once, however many processes make them at once', async () => {
    const done = await Promise.all([1, 2, 3].map(() => postgres.make(LIVE_SCHEMA)));
    expect(done.map((names) => names.length).sort()).toEqual([0, 0, 4]);
  });

  test.each([LIVE_SCHEMA, NEXT_SCHEMA] as const)(
    'that the migrations make in %s are those of the entities',
    async (schema) => {
      await postgres.make(schema);
      const source = await projectionDataSource(postgres.url, schema).initialize();
      try {
        const { upQueries } = await source.driver.createSchemaBuilder().log();
        expect(upQueries.map(({ query }) => query)).toEqual([]);
        expect(source.entityMetadatas).toHaveLength(10);
      } finally {
        await source.destroy();
      }
    },
  );

  test('of one schema are not those of another: each set has its own generation', async () => {
    const generations = await postgres.query<{ generation: string }>(
      `SELECT generation FROM ${LIVE_SCHEMA}.checkpoint UNION SELECT generation FROM ${NEXT_SCHEMA}.checkpoint`,
    );
    expect(generations.rowCount).toBe(2);
  });
});

describe('the seat of the projector', () => {
  test('has one holder, and is free again when it is left or its connection is cut', async () => {
    const seat = new PostgresFollowerSeat(postgres.url);
    const first = await seat.take();
    expect(first).toBeDefined();
    expect(await seat.take()).toBeUndefined();
    await first?.leave();
    const second = await seat.take();
    expect(second).toBeDefined();
    await postgres.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'muster-projector'`,
    );
    await second?.lost;
    const third = await seat.take();
    expect(third).toBeDefined();
    await third?.leave();
  });
});
