import type pg from 'pg';
import { Unavailable } from '#events';
import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { orUnavailable } from './database.postgres.js';
import { onClient } from './on-client.postgres.js';

const postgres = postgresOfSpec();

const pidOf = async (client: pg.ClientBase): Promise<number> =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0;
/** The only idle connection: every test ends with one. */
const idlePid = () => onClient(postgres.pool, pidOf);

describe('work on a connection of the pool', () => {
  test('gives what it gives, and leaves the connection to the next', async () => {
    const before = await idlePid();
    expect(await onClient(postgres.pool, pidOf)).toBe(before);
    expect(postgres.pool).toMatchObject({ totalCount: 1, idleCount: 1 });
  });

  test('that fails says why, and ends the connection with its open transaction', async () => {
    const before = await idlePid();
    const failing = onClient(postgres.pool, async (client) => {
      await client.query('BEGIN; CREATE TABLE half_done ()');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(postgres.pool.totalCount).toBe(0);
    expect(await idlePid()).not.toBe(before);
    expect((await postgres.query<{ made: string | null }>(`SELECT to_regclass('half_done') AS made`)).rows).toEqual([
      { made: null },
    ]);
  });

  test('whose connection is cut between two queries fails at the next one, and the process goes on', async () => {
    const cut = orUnavailable('go on', () =>
      onClient(postgres.pool, async (client) => {
        const closed = new Promise((resolve) => client.once('end', resolve));
        await postgres.query('SELECT pg_terminate_backend($1)', [await pidOf(client)]);
        await closed;
        return pidOf(client);
      }),
    );
    await expect(cut).rejects.toThrow(Unavailable);
    expect(await idlePid()).toBeGreaterThan(0);
  });

  test('leaves no listener behind', async () => {
    const count = (client: pg.ClientBase) => Promise.resolve((client as pg.PoolClient).listenerCount('error'));
    const before = await onClient(postgres.pool, count);
    expect(await onClient(postgres.pool, count)).toBe(before);
  });
});
