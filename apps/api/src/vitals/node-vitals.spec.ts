import type { Heartbeat } from '#events';
import { MemoryHeartbeats, MemoryNats, VirtualClock } from '#events/testing';
import { MAX_NODES_HEARD, NodeVitals, VITALS_KEPT_MS } from './node-vitals.js';

const beat = (nodeId: string, pulls: Record<string, number> = {}): Heartbeat => ({
  ...{ nodeId, bootId: 'boot-1', cpuUtil: 0.5, ramUtil: 0.25, diskBytes: 100, freeDiskBytes: 50, vmCount: 1 },
  ...{ pulls, intervalMs: 5000 },
});

describe('the vitals of nodes', () => {
  test('are those of the last beat that was heard', async () => {
    const clock = new VirtualClock(1_000_000);
    const nats = new MemoryNats(clock);
    const vitals = new NodeVitals(clock);
    vitals.listenTo(new MemoryHeartbeats(nats.connect('api')));
    const agent = new MemoryHeartbeats(nats.connect('agent'));
    agent.publish(beat('mac-01', { 'vm-1': 0.1, 'vm-2': 0.9 }));
    await clock.advanceBy(10);
    expect(vitals.of('mac-01')).toMatchObject({ cpuUtil: 0.5, heardAt: 1_000_000 });
    expect([vitals.pullProgress('vm-1'), vitals.pullProgress('vm-2')]).toEqual([0.1, 0.9]);
    agent.publish(beat('mac-01', { 'vm-1': 0.4 }));
    await clock.advanceBy(10);
    expect([vitals.pullProgress('vm-1'), vitals.pullProgress('vm-2')]).toEqual([0.4, undefined]);
    expect(vitals.of('mac-02')).toBeUndefined();
  });

  test('are forgotten when a node is silent for long, and of more nodes than can be remembered', () => {
    let now = 0;
    const vitals = new NodeVitals({ now: () => now } as never);
    vitals.hear(beat('quiet', { 'vm-1': 0.5 }));
    now = VITALS_KEPT_MS + 1;
    expect(vitals.of('quiet')).toBeUndefined();
    vitals.hear(beat('other'));
    expect(vitals.pullProgress('vm-1')).toBeUndefined();
    for (let n = 0; n < MAX_NODES_HEARD; n++) vitals.hear(beat(`node-${n}`));
    expect(vitals.of('other')).toBeUndefined();
    expect(vitals.of(`node-0`)).toBeDefined();
  });
});
