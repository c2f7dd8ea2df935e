import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Cluster, type DesiredNode, emptyCluster, type NodeId, nodeId } from '#domain';
import type { DesiredState } from '#events';
import { VirtualClock } from '#events/testing';
import { DesiredWriter } from './desired-writer.js';
import { BURST_MS, MAX_PUTS_IN_FLIGHT, NOTE_DELAY_MS, REST_MS_PER_VM, WISHES_PER_SECOND } from './limits.js';

const n = (index: number): NodeId => nodeId(`n${index}`);

/** A node with so many VMs, none of which anybody looks into. */
function addNode(cluster: Cluster, id: NodeId, vms = 0): void {
  const ids = Array.from({ length: vms }, (_, index) => `${id}-${index}`);
  cluster.nodes.set(id, { id, vms: new Set(ids), distributions: new Set(), removals: new Map() } as never);
  for (const vm of ids) {
    const phase = { name: 'assigned', at: { nodeId: id, epoch: 1 } };
    cluster.vms.set(vm as never, { id: vm, request: {}, phase } as never);
  }
}

describe('the writer of desired states', () => {
  let clock: VirtualClock;
  let cluster: Cluster;
  let writer: DesiredWriter;
  let written: { nodeId: string; at: number; asOf: number }[];
  let putMs: number;

  beforeEach(() => {
    clock = new VirtualClock(1_000_000);
    cluster = emptyCluster();
    written = [];
    putMs = 0;
    const put = async (node: string, { asOf }: DesiredNode): Promise<void> => {
      written.push({ nodeId: node, at: clock.now() - 1_000_000, asOf });
      if (putMs > 0) await clock.sleep(putMs);
    };
    const desired = { put } as unknown as DesiredState;
    writer = new DesiredWriter(
      cluster,
      desired,
      clock,
      () => Promise.resolve(),
      (cause) => {
        throw cause;
      },
    );
  });

  const touch = async (id: NodeId): Promise<void> => {
    cluster.sequence++;
    cluster.touched.add(id);
    writer.collect();
    await clock.advanceBy(0);
  };

  const note = async (id: NodeId): Promise<void> => {
    cluster.sequence++;
    cluster.noted.add(id);
    writer.collect();
    await clock.advanceBy(0);
  };

  it('writes a node that changes at once', async () => {
    addNode(cluster, n(1), 300);
    await touch(n(1));
    expect(written).toEqual([{ nodeId: 'n1', at: 0, asOf: 1 }]);
  });

  it('writes a node that changes during its write once more, with the newest value', async () => {
    addNode(cluster, n(1));
    putMs = 10;
    for (let change = 0; change < 5; change++) await touch(n(1));
    await clock.advanceBy(100);
    expect(written.map(({ asOf }) => asOf)).toEqual([1, 5]);
  });

  it('leaves a node alone after a write, the longer the more VMs it has', async () => {
    addNode(cluster, n(1), 400);
    await touch(n(1));
    await touch(n(1));
    await clock.advanceBy(1000);
    expect(written.map(({ at }) => at)).toEqual([0, 400 * REST_MS_PER_VM]);
  });

  it('writes what the node itself has reported a little later, and then only once', async () => {
    addNode(cluster, n(1));
    await note(n(1));
    await clock.advanceBy(NOTE_DELAY_MS - 1);
    await note(n(1));
    expect(written).toEqual([]);
    await clock.advanceBy(1);
    expect(written).toEqual([{ nodeId: 'n1', at: NOTE_DELAY_MS, asOf: 2 }]);
    await clock.advanceBy(10_000);
    expect(written).toHaveLength(1);
  });

  it('writes a report together with a wish that comes meanwhile', async () => {
    addNode(cluster, n(1));
    await note(n(1));
    await touch(n(1));
    await clock.advanceBy(10_000);
    expect(written).toEqual([{ nodeId: 'n1', at: 0, asOf: 2 }]);
  });

  it('lets nodes take turns when more would have to be written than may be', async () => {
    const vms = 1000;
    const nodes = (3 * WISHES_PER_SECOND) / vms;
    for (let index = 0; index < nodes; index++) {
      addNode(cluster, n(index), vms);
      cluster.touched.add(n(index));
    }
    writer.collect();
    await clock.advanceBy(1000);
    const inTheFirstSecond = written.length;
    await clock.advanceBy(3000);
    expect(inTheFirstSecond).toBeLessThanOrEqual(((1 + BURST_MS / 1000) * WISHES_PER_SECOND) / vms + 1);
    expect(written.map(({ nodeId: id }) => id)).toEqual(Array.from({ length: nodes }, (_, index) => n(index)));
  });

  it('writes a node with a new wish before those that are only refreshed', async () => {
    putMs = 10;
    for (let index = 0; index < MAX_PUTS_IN_FLIGHT + 10; index++) addNode(cluster, n(index));
    writer.refresh(cluster.nodes.keys());
    cluster.touched.add(n(MAX_PUTS_IN_FLIGHT + 9));
    writer.collect();
    await clock.advanceBy(100);
    expect(written[MAX_PUTS_IN_FLIGHT]?.nodeId).toBe(n(MAX_PUTS_IN_FLIGHT + 9));
    expect(written).toHaveLength(MAX_PUTS_IN_FLIGHT + 10);
  });

  it('writes nothing after it was stopped', async () => {
    addNode(cluster, n(1));
    await note(n(1));
    writer.stop();
    await clock.advanceBy(10_000);
    expect(written).toEqual([]);
  });
});
