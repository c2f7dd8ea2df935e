import type { Environment } from '../../libs/events/src/settings/index.js';
import { lockFileOf, openHome, rememberedPostgresPort, rememberPostgresPort } from '../launch/home.js';
import { logFileOf, natsUrlsAt } from '../launch/infrastructure.js';
import { lockHolder, takeLock } from '../launch/lock.js';
import { ownHome, type OwnServices, ownServices } from '../launch/own-services.js';
import { natsPasswordsIn } from '../services/nats-passwords.js';
import { startEmbeddedNats, startEmbeddedPostgres } from '../services/index.js';

interface Stoppable {
  stop(): Promise<void>;
}

/**
 * NATS and database of the installation that the environment speaks of; `root` is the folder of the clone. When it does not run, its own
 * servers are started for as long as the work takes, and nothing else of it: so an import finds a log to which nobody writes.
 */
export async function withServices<T>(
  env: Environment,
  root: string,
  work: (services: OwnServices) => Promise<T>,
): Promise<T> {
  const dir = ownHome(env, root);
  const areGiven = Boolean(env['MUSTER_NATS_URL'] && env['MUSTER_DATABASE_URL']);
  if (areGiven || lockHolder(lockFileOf(dir)) !== undefined) return work(ownServices(env, root));
  const home = openHome(dir);
  const unlock = takeLock(home.lockFile, 'used by npm run muster');
  const started: Stoppable[] = [];
  try {
    return await work({
      MUSTER_NATS_URL: env['MUSTER_NATS_URL'] || (await startNats(home, started)),
      MUSTER_DATABASE_URL: env['MUSTER_DATABASE_URL'] || (await startPostgres(home, started)),
    });
  } finally {
    for (const server of started.reverse()) await server.stop();
    unlock();
  }
}

type Home = ReturnType<typeof openHome>;

async function startNats(home: Home, started: Stoppable[]): Promise<string> {
  const passwords = natsPasswordsIn(home.dir);
  const server = await startEmbeddedNats({ dir: home.natsDir, logFile: logFileOf(home, 'nats'), passwords });
  started.push(server);
  return natsUrlsAt(server.url, passwords).natsUrl;
}

async function startPostgres(home: Home, started: Stoppable[]): Promise<string> {
  const port = rememberedPostgresPort(home);
  const server = await startEmbeddedPostgres({ dir: home.postgresDir, port, logFile: logFileOf(home, 'postgres') });
  started.push(server);
  rememberPostgresPort(home, server.port);
  return server.url;
}
