import { assertKnownSettings, requireSettings, systemClock } from '#events';
import { migrateArchive } from '../archive/archive-schema.postgres.js';
import { migrateWebhooks } from '../webhooks/schema.postgres.js';
import { isAway } from './database.postgres.js';
import { migrateSchema, withSchemaLock } from './schema.postgres.js';
import { LIVE_SCHEMA } from './tables.postgres.js';

/** How long a database may take to start. */
const START_LIMIT_MS = 60_000;
const AGAIN_AFTER_MS = 500;

/** Makes or upgrades all tables. Any number of processes may do so at once. */
async function migrate(url: string): Promise<string[]> {
  const until = systemClock.now() + START_LIMIT_MS;
  for (;;) {
    try {
      return await withSchemaLock(url, async (client) => [
        ...(await migrateSchema(url, client, LIVE_SCHEMA)),
        ...(await migrateArchive(url, client)),
        ...(await migrateWebhooks(url, client)),
      ]);
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
  console.error('Cannot make the tables:', cause);
  process.exitCode = 1;
}
