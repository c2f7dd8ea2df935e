import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Heartbeat, systemClock } from '#events';
import {
  CoreHeartbeats,
  ensureStreams,
  JetStreamCommandQueue,
  JetStreamDesiredState,
  NatsLink,
} from '#events/jetstream';
import { type EmbeddedNats, startEmbeddedNats } from '../../../tools/services/index.js';
import { SILENT } from './agent/observer.js';
import { DEFAULT_OPTIONS } from './agent/options.js';
import { agentConfig } from './agent.config.js';
import { Fleet } from './fleet.js';
import { simulatedNodes } from './node-plans.js';
import { IMAGE } from './testing/agent-world.js';
import { SmallControlPlane } from './testing/small-control-plane.js';
import { MemoryLayerSink } from './images/memory-layer-sink.js';

const NODES = 20;
const VMS = 200;

describe('a process that plays many nodes on one real NATS server', () => {
  let dir: string;
  let server: EmbeddedNats;
  let fleet: Fleet;
  let plane: SmallControlPlane;
  const links: NatsLink[] = [];
  const beats = new Map<string, Heartbeat>();

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'muster-fleet-'));
    server = await startEmbeddedNats({ dir });
    const [own, agents] = [await connect('control-plane'), await connect('agents')];
    await ensureStreams(own);
    plane = new SmallControlPlane(new JetStreamCommandQueue(own), new JetStreamDesiredState(own), systemClock);
    void plane.run().catch(() => undefined);
    new CoreHeartbeats(own).subscribe((beat) => beats.set(beat.nodeId, beat));
    const config = agentConfig({
      MUSTER_NATS_URL: server.url,
      MUSTER_DRIVER: 'simulated',
      MUSTER_SIMULATED_NODES: String(NODES),
      MUSTER_SIMULATED_BOOT: '100ms',
      MUSTER_NODE_CAPACITY: '20',
    });
    const shared = {
      clock: systemClock,
      queue: new JetStreamCommandQueue(agents),
      desired: new JetStreamDesiredState(agents),
      heartbeats: new CoreHeartbeats(agents),
      scripts: { fetch: async () => new Uint8Array() },
      layers: new MemoryLayerSink(),
      gauge: { read: () => ({ cpuUtil: 0, ramUtil: 0, diskBytes: 1, freeDiskBytes: 1 }) },
      observer: SILENT,
    };
    const plans = await simulatedNodes(config, 'sim', systemClock, () => 0.5);
    fleet = new Fleet(plans, 'b1', shared, { ...DEFAULT_OPTIONS, bootsAtOnce: 100 });
    await fleet.start();
  }, 60_000);

  afterEach(async () => {
    await fleet.stop(1000);
    for (const link of links.splice(0)) await link.close();
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  async function connect(name: string): Promise<NatsLink> {
    const link = await NatsLink.connect({ url: server.url, name });
    links.push(link);
    return link;
  }

  async function until(what: string, holds: () => boolean): Promise<void> {
    const end = Date.now() + 40_000;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`${what}: not after 40 s`);
      await systemClock.sleep(20);
    }
  }

  const count = (phase: string): number =>
    [...plane.cluster.vms.values()].filter((vm) => vm.phase.name === phase).length;

  it('starts and ends hundreds of VMs, across an outage of the server', async () => {
    await until('all nodes join', () => plane.cluster.nodes.size === NODES && beats.size === NODES);
    expect([...plane.cluster.nodes.keys()].sort().at(0)).toBe('sim-0001');
    await plane.ask({
      type: 'PushTemplate',
      templateId: 'macos',
      name: 'macOS',
      arch: 'amd64',
      tag: 'v1',
      description: '',
      disk: { digest: IMAGE.disk.digest, sizeBytes: 1e8 },
      cpu: 1,
      memoryMiB: 64,
      forwards: [],
    });
    const vmIds = Array.from({ length: VMS }, (_, index) => `vm-${index}`);
    await plane.ask({ type: 'StartVM', vmIds, request: { templateId: 'macos' } });
    await until('some VMs run', () => count('running') > 0);
    const { port } = server;
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
    server = await startEmbeddedNats({ dir, port });
    await until('all VMs run', () => count('running') === VMS);
    await Promise.all(vmIds.map((vmId) => plane.ask({ type: 'TerminateVM', vmId })));
    await until('all VMs are ended', () => count('terminated') === VMS);
    await until('the nodes are empty', () => fleet.figures.every(({ running }) => running === 0));
  }, 120_000);
});
