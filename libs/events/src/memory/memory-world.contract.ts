import type { Ports, RawMessage, World } from '../contract/world.contract.js';
import { WORLD_DOOR_TIMEOUT_MS } from '../contract/world.contract.js';
import { VirtualClock } from '../clock/virtual-clock.js';
import { settled } from '../clock/settle.system.js';
import {
  MemoryBookmarks,
  MemoryCommandDoor,
  MemoryCommandQueue,
  MemoryDesiredState,
  MemoryEventLog,
  MemoryExplainDesk,
  MemoryExplainDoor,
  MemoryHeartbeats,
  MemoryLease,
  type MemoryLink,
  MemoryLogKeeper,
  MemoryNats,
  MemoryProjectionSignal,
  MemorySingleUse,
  type Network,
} from './index.js';

/** As in the world with a real server. */
const SINGLE_USE_KEPT_MS = 2000;

/** The in-memory form. Time passes whenever nothing else can happen, so that a test reads like one against a real server. */
export async function makeMemoryWorld(network?: Network): Promise<World> {
  const clock = new VirtualClock(Date.UTC(2025, 0, 1));
  const server = new MemoryNats(clock, { singleUseKeptMs: SINGLE_USE_KEPT_MS, ...(network && { network }) });
  let ended = false;
  const run = async (): Promise<void> => {
    while (!ended) if (!(await clock.next())) await settled();
  };
  const running = run();
  return {
    connect: async (name) => portsOver(server.connect(name)),
    pass: (ms) => clock.sleep(ms),
    killServer: async () => server.stop(),
    restartServer: async () => server.start(),
    end: async () => {
      ended = true;
      await running;
    },
  };
}

function portsOver(link: MemoryLink): Ports {
  return {
    queue: new MemoryCommandQueue(link),
    door: new MemoryCommandDoor(link, { timeoutMs: WORLD_DOOR_TIMEOUT_MS }),
    log: new MemoryEventLog(link),
    desired: new MemoryDesiredState(link),
    lease: new MemoryLease(link),
    otherLease: new MemoryLease(link, 'other'),
    keeper: new MemoryLogKeeper(link),
    bookmarks: new MemoryBookmarks(link),
    singleUse: new MemorySingleUse(link),
    beats: new MemoryHeartbeats(link),
    signal: new MemoryProjectionSignal(link),
    explainDoor: new MemoryExplainDoor(link, { timeoutMs: WORLD_DOOR_TIMEOUT_MS }),
    explainDesk: new MemoryExplainDesk(link),
    publishRaw: async ({ stream, ...message }: RawMessage) => {
      const { commands, events } = link.server;
      await link.request(message.subject, () => (stream === 'EVENTS' ? events : commands).append(message));
    },
    close: async () => link.close(),
  };
}
