import { assertKnownSettings, requireSettings, systemClock } from '#events';
import { isAway } from './database.postgres.js';
import { migrateSchema, withSchemaLock } from './schema.postgres.js';
import { LIVE_SCHEMA } from './tables.postgres.js';

/** How long a database may take to start. */
const START_LIMIT_MS = 60_000;
const AGAIN_AFTER_MS = 500;

/** Makes or upgrades the tables of the live projection. Any number of processes may do so at once. */
async function migrate(url: string): Promise<string[]> {
  const until = systemClock.now() + START_LIMIT_MS;
  for (;;) {
    try {
      return await withSchemaLock(url, (client) => migrateSchema(url, client, LIVE_SCHEMA));
    } catch (cause) {
      if (!isAway(cause) || systemClock.now() > until) throw cause;
      await systemClock.sleep(AGAIN_AFTER_MS);
    }
  }
}

assertKnownSettings(process.env);
const { MUSTER_DATABASE_URL } = requireSettings(process.env, ['MUSTER_DATABASE_URL']);
try {
  const done = await migrate(MUSTER_DATABASE_URL);
  console.log(done.length === 0 ? 'The tables are up to date.' : `Made or upgraded the tables: ${done.join(', ')}`);
} catch (cause) {
  console.error('Cannot make the tables of the projection:', cause);
  process.exitCode = 1;
}
