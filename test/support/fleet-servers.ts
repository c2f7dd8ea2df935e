import type { Home } from '../../tools/launch/home.js';
import { logFileOf } from '../../tools/launch/infrastructure.js';
import { startEmbeddedNats, startEmbeddedPostgres } from '../../tools/services/index.js';
import { natsPasswordsIn } from '../../tools/services/nats-passwords.js';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { serversOf } from '../../libs/events/src/jetstream/servers-of.js';
import { type NatsUrls, natsUrlsAt } from '../../tools/launch/infrastructure.js';
import { Member } from './member.js';
import type { Reaper } from './reaper.js';

/** A server that a fleet starts, and may kill and start again. */
export interface Server {
  readonly member: Member;
  url(): string;
}

/** How the processes reach NATS, and how anybody does, who may read events and nothing else. */
export interface FleetNatsUrls extends NatsUrls {
  readonly openNatsUrl: string;
}

/** A plain NATS client that outlives every outage. */
export function natsClient(url: string): Promise<NatsConnection> {
  const { shown: _, ...servers } = serversOf(url);
  return connect({ ...servers, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
}

/** NATS; each later start is on the port of the first. */
export function natsMember(home: Home, reaper: Reaper): { member: Member; urls(): FleetNatsUrls } {
  let [port, url] = [0, ''];
  const logFile = logFileOf(home, 'nats');
  const passwords = natsPasswordsIn(home.dir);
  const member = new Member('nats', logFile, async () => {
    const server = await startEmbeddedNats({ dir: home.natsDir, port, logFile, passwords });
    ({ port, url } = server);
    reaper.watch(server.pid);
    return server;
  });
  return { member, urls: () => ({ ...natsUrlsAt(url, passwords), openNatsUrl: url }) };
}

/** Postgres; each later start is on the port of the first. */
export function postgresMember(home: Home, reaper: Reaper, ephemeral: boolean): Server {
  let [port, url] = [0, ''];
  const logFile = logFileOf(home, 'postgres');
  const member = new Member('postgres', logFile, async () => {
    const keepPort = port !== 0;
    const server = await startEmbeddedPostgres({ dir: home.postgresDir, port, keepPort, logFile, ephemeral });
    ({ port, url } = server);
    reaper.watch(server.pid);
    return server;
  });
  return { member, url: () => url };
}
