import { AgentWorld } from '../testing/agent-world.js';

const BEAT_MS = 5_000;

describe('VMs on the host that nobody knows', () => {
  const counts = (world: AgentWorld) =>
    world.reports.flatMap<string | number>((report) => {
      if (report.type === 'RegisterNode') return [`joins with ${report.unknownVms ?? 0}`];
      return report.type === 'ReportUnknownVMs' ? [report.vms] : [];
    });

  it('are counted when the node joins, and then whenever their number changes', async () => {
    const world = new AgentWorld();
    await world.start();
    await world.pass(10 * BEAT_MS);
    expect(counts(world)).toEqual(['joins with 0']);
    world.host.strangers.add('x').add('y');
    await world.pass(3 * BEAT_MS);
    world.host.strangers.delete('y');
    await world.pass(3 * BEAT_MS);
    expect(counts(world)).toEqual(['joins with 0', 2, 1]);
  });

  it('are ended after 30 looks at them, one per heartbeat, and not before', async () => {
    const world = new AgentWorld();
    await world.start();
    await world.pass(BEAT_MS);
    world.host.strangers.add('x');
    await world.pass(29 * BEAT_MS);
    expect(world.host.calls).toEqual([]);
    await world.pass(2 * BEAT_MS);
    expect(world.host.calls).toEqual(['endUnknown x']);
    expect(counts(world)).toEqual(['joins with 0', 1, 0]);
  });

  it('are left alone for ever if the operator says so', async () => {
    const world = new AgentWorld();
    world.options = { ...world.options, unknownVmThreshold: 0 };
    world.host.strangers.add('x');
    await world.start();
    await world.pass(100 * BEAT_MS);
    expect(world.host.calls).toEqual([]);
    expect(counts(world)).toEqual(['joins with 1']);
  });

  it('are ended at last if the first try fails', async () => {
    const world = new AgentWorld();
    world.host.strangers.add('x');
    world.host.fail('endUnknown', new Error('busy'));
    await world.start();
    await world.pass(33 * BEAT_MS);
    expect(world.host.calls).toEqual(['endUnknown x', 'endUnknown x']);
    expect(world.host.strangers.size).toBe(0);
    expect(world.faults).toEqual(['look for unknown VMs: Error: busy']);
  });

  it('are told of again by the next life of the agent', async () => {
    const world = new AgentWorld();
    world.host.strangers.add('x');
    await world.start();
    await world.pass(BEAT_MS);
    world.crash();
    await world.start();
    await world.pass(BEAT_MS);
    expect(counts(world)).toEqual(['joins with 1', 'joins with 1']);
  });
});
