import { describe, expect, it } from '@jest/globals';
import { AgentWorld, wishFor } from '../testing/agent-world.js';

describe('an agent that is asked to stop', () => {
  it('finishes what is nearly done, tells it, begins nothing new and leaves the VMs running', async () => {
    const world = new AgentWorld();
    await world.start();
    await world.wish(wishFor('vm-1', 5));
    await world.pass(150);
    let isStopped = false;
    const stopped = world.agent.stop(10_000).then(() => (isStopped = true));
    await world.wish(wishFor('vm-1', 5), wishFor('vm-2', 6));
    await world.pass(1000);
    await stopped;
    expect(isStopped).toBe(true);
    expect(world.told).toEqual(['Started vm-1']);
    expect([...world.host.vms.keys()]).toEqual(['vm-1']);
    const beats = world.beats.length;
    await world.pass(60_000);
    expect(world.beats).toHaveLength(beats);
  });

  it('ends for good although it has not yet come up', async () => {
    const world = new AgentWorld();
    world.host.fail('list', new Error('no such directory'), Infinity);
    await world.start();
    await world.pass(5000);
    const stopped = world.agent.stop(1000);
    await world.pass(100_000);
    await stopped;
    expect(world.clock.nextAt).toBeUndefined();
  });

  it('gives up what takes longer than the grace', async () => {
    const world = new AgentWorld();
    world.host.bootMs = 1e9;
    await world.start();
    await world.wish(wishFor('vm-1', 5));
    const stopped = world.agent.stop(10_000);
    await world.pass(10_000);
    await stopped;
    expect(world.told).toEqual([]);
    expect(world.host.booting).toBe(0);
    world.host.bootMs = 10;
    await world.start();
    await world.pass(1000);
    expect(world.told).toEqual(['Started vm-1']);
  });

  it('waits for its reports to get out, as long as the grace lasts', async () => {
    const world = new AgentWorld();
    await world.start();
    await world.wish(wishFor('vm-1', 5));
    world.nats.stop();
    await world.pass(1000);
    const stopped = world.agent.stop(20_000);
    await world.pass(2000);
    world.nats.start();
    await world.pass(10_000);
    await stopped;
    expect(world.told).toEqual(['Started vm-1']);
  });
});
