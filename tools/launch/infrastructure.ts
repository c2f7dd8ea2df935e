import { join } from 'node:path';
import { provideNatsServer } from '../services/nats-binary.js';
import { startEmbeddedNats } from '../services/nats.js';
import { type NatsPasswords, natsPasswordsIn, urlAs } from '../services/nats-passwords.js';
import { assertPortFree, describeHolder, freePort, portIsFree } from '../services/ports.js';
import { startEmbeddedPostgres } from '../services/postgres.js';
import type { Fleet } from './fleet.js';
import { rememberedPostgresPort, rememberPostgresPort, type Home } from './home.js';
import { rotateLog } from './logs.js';
import type { Progress } from './progress.js';
import type { ListenAddress } from '../../libs/events/src/settings/index.js';
import type { LaunchSettings } from './settings.js';

/** The log of one process of the installation. */
export function logFileOf(home: Home, name: string): string {
  return join(home.logDir, `${name}.log`);
}

/** Throws unless the ports that were asked for are free. */
export async function assertPortsFree(settings: LaunchSettings): Promise<void> {
  await assertPortFree(settings.listen.port, 'MUSTER_LISTEN', settings.listen.host);
  if (settings.natsUrl === undefined && settings.natsPort !== 0) {
    await assertPortFree(settings.natsPort, 'MUSTER_NATS_PORT');
  }
}

/**
 * Where the registry's own routes can be served. An address that the environment demands must be free; in place of the default one,
 * should somebody have it, comes a free port, because nothing else depends on it.
 */
export async function chooseRegistryListen(
  { listen, registryListen, registryIsDemanded }: LaunchSettings,
  progress: Progress,
): Promise<ListenAddress | undefined> {
  if (registryListen === undefined) return undefined;
  const { host, port } = registryListen;
  if (registryIsDemanded) await assertPortFree(port, 'MUSTER_REGISTRY_LISTEN', host);
  if (port !== listen.port && (await portIsFree(port, host))) return registryListen;
  const holder = port === listen.port ? 'the API itself' : describeHolder(port);
  const other = { host, port: await freePort() };
  progress.say(
    `  ! Port ${port} on ${host} is taken by ${holder}; the registry is served on port ${other.port} instead.`,
  );
  progress.say('  ! MUSTER_REGISTRY_LISTEN chooses another one.');
  return other;
}

/** Host and port of a URL, without its user and password. */
function placeOf(url: string): string {
  return new URL(url).host;
}

/** How the processes of an installation reach NATS. Secret: there may be passwords in them. */
export interface NatsUrls {
  /** For the API and the scheduler. */
  readonly natsUrl: string;
  readonly agentNatsUrl: string;
}

/** Starts NATS, unless one is given, and gives its URLs. A crashed one comes back on the same port. */
export async function provideNats(
  settings: LaunchSettings,
  home: Home,
  fleet: Fleet,
  progress: Progress,
): Promise<NatsUrls> {
  const given = settings.natsUrl;
  if (given !== undefined) {
    progress.say(`  · NATS: ${placeOf(given)}, from MUSTER_NATS_URL`);
    return { natsUrl: given, agentNatsUrl: given };
  }
  await progress.step('nats-server', provideNatsServer, (path) => `nats-server: ${path}`);
  const logFile = logFileOf(home, 'nats');
  rotateLog(logFile);
  let port = settings.natsPort;
  const passwords = natsPasswordsIn(home.dir);
  const begin = async (): ReturnType<typeof startEmbeddedNats> => {
    const server = await startEmbeddedNats({ dir: home.natsDir, port, logFile, passwords });
    port = server.port;
    return server;
  };
  const outcome = (): string => `NATS with JetStream on 127.0.0.1:${port}`;
  await progress.step('NATS with JetStream', () => fleet.add('NATS', logFile, begin), outcome);
  return natsUrlsAt(`nats://127.0.0.1:${port}`, passwords);
}

export function natsUrlsAt(url: string, passwords: NatsPasswords): NatsUrls {
  return { natsUrl: urlAs(url, 'controller', passwords), agentNatsUrl: urlAs(url, 'agent', passwords) };
}

/** Starts Postgres, unless a database is given, and gives the URL of the database, which is secret. */
export async function provideDatabase(
  settings: LaunchSettings,
  home: Home,
  fleet: Fleet,
  progress: Progress,
): Promise<string> {
  const given = settings.databaseUrl;
  if (given !== undefined) {
    progress.say(`  · Postgres: ${placeOf(given)}, from MUSTER_DATABASE_URL`);
    return given;
  }
  const logFile = logFileOf(home, 'postgres');
  rotateLog(logFile);
  let url = '';
  let port = rememberedPostgresPort(home);
  const begin = async (): ReturnType<typeof startEmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({ dir: home.postgresDir, port, logFile, keepPort: url !== '' });
    ({ url, port } = server);
    return server;
  };
  await progress.step(
    'Postgres',
    () => fleet.add('Postgres', logFile, begin),
    () => `Postgres on 127.0.0.1:${port}`,
  );
  rememberPostgresPort(home, port);
  return url;
}
