import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headers } from '@nats-io/transport-node';
import { startEmbeddedNats, type EmbeddedNats } from '../../../../tools/services/index.js';
import { systemClock } from '../clock/clock.system.js';
import { type Ports, type RawMessage, type World, WORLD_DOOR_TIMEOUT_MS } from '../contract/world.contract.js';
import {
  CoreExplainDesk,
  CoreExplainDoor,
  CoreHeartbeats,
  CoreProjectionSignal,
  ensureStreams,
  JetStreamBookmarks,
  JetStreamCommandDoor,
  JetStreamCommandQueue,
  JetStreamDesiredState,
  JetStreamEventLog,
  JetStreamLease,
  JetStreamLogKeeper,
  JetStreamSingleUse,
  NatsLink,
} from './index.js';

/** Long enough for a busy machine, short enough for a test. */
const LEASE_TTL_MS = 1000;
const SINGLE_USE_KEPT_MS = 2000;

/** A real server with an empty store, which every test gets for itself. */
export async function makeJetStreamWorld(): Promise<World & { readonly server: EmbeddedNats }> {
  const dir = mkdtempSync(join(tmpdir(), 'muster-ports-'));
  let server = await startEmbeddedNats({ dir });
  const { port, url } = server;
  const links: NatsLink[] = [];
  const first = await NatsLink.connect({ url, name: 'maker' });
  links.push(first);
  await ensureStreams(first, { leaseTtlMs: LEASE_TTL_MS, singleUseKeptMs: SINGLE_USE_KEPT_MS });
  return {
    get server() {
      return server;
    },
    connect: async (name) => {
      const link = await NatsLink.connect({ url, name });
      links.push(link);
      return portsOver(link);
    },
    pass: (ms) => systemClock.sleep(ms),
    killServer: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
    },
    restartServer: async () => {
      server = await startEmbeddedNats({ dir, port });
    },
    end: async () => {
      for (const link of links) await link.close();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function portsOver(link: NatsLink): Ports {
  return {
    queue: new JetStreamCommandQueue(link),
    door: new JetStreamCommandDoor(link, { timeoutMs: WORLD_DOOR_TIMEOUT_MS }),
    log: new JetStreamEventLog(link),
    desired: new JetStreamDesiredState(link),
    lease: new JetStreamLease(link, LEASE_TTL_MS),
    otherLease: new JetStreamLease(link, LEASE_TTL_MS, 'other'),
    keeper: new JetStreamLogKeeper(link),
    bookmarks: new JetStreamBookmarks(link),
    singleUse: new JetStreamSingleUse(link, SINGLE_USE_KEPT_MS),
    beats: new CoreHeartbeats(link),
    signal: new CoreProjectionSignal(link),
    explainDoor: new CoreExplainDoor(link, { timeoutMs: WORLD_DOOR_TIMEOUT_MS }),
    explainDesk: new CoreExplainDesk(link),
    publishRaw: async ({ subject, text, messageId }: RawMessage) => {
      const fields = headers();
      if (messageId !== undefined) fields.set('Nats-Msg-Id', messageId);
      await link.nc.request(subject, text, { headers: fields, timeout: 5000 });
    },
    close: () => link.close(),
  };
}
