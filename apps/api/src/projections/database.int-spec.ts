import { postgresOfSpec } from '../testing/postgres-of-spec.contract.js';
import { openPool } from './database.postgres.js';

/** An ephemeral server: nobody waits for the disk unless a session wants to. */
const postgres = postgresOfSpec({ ephemeral: true });
const SETTING = 'SHOW synchronous_commit';

describe('the sessions of a pool', () => {
  test('wait for the disk, whatever the server would do', async () => {
    expect((await postgres.query(SETTING)).rows).toEqual([{ synchronous_commit: 'on' }]);
  });

  test('have the settings that are given instead', async () => {
    const pool = openPool(postgres.url, 1, '-c synchronous_commit=off');
    expect((await pool.query(SETTING)).rows).toEqual([{ synchronous_commit: 'off' }]);
    await pool.end();
  });
});
