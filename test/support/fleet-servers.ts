import type { Home } from '../../tools/launch/home.js';
import { logFileOf } from '../../tools/launch/infrastructure.js';
import { startEmbeddedNats, startEmbeddedPostgres } from '../../tools/services/index.js';
import { Member } from './member.js';
import type { Reaper } from './reaper.js';

/** A server that a fleet starts, and may kill and start again. */
export interface Server {
  readonly member: Member;
  url(): string;
}

/** NATS; each later start is on the port of the first. */
export function natsMember(home: Home, reaper: Reaper): Server {
  let [port, url] = [0, ''];
  const logFile = logFileOf(home, 'nats');
  const member = new Member('nats', logFile, async () => {
    const server = await startEmbeddedNats({ dir: home.natsDir, port, logFile });
    ({ port, url } = server);
    reaper.watch(server.pid);
    return server;
  });
  return { member, url: () => url };
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
