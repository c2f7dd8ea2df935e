import { beforeEach, describe, expect, it } from '@jest/globals';
import { DriverError } from '../drivers/driver.js';
import { AgentWorld, IMAGE, wishFor } from '../testing/agent-world.js';

describe('the agent follows the wish', () => {
  let world: AgentWorld;
  beforeEach(async () => {
    world = new AgentWorld();
    await world.start();
  });

  async function running(vmId = 'vm-1', epoch = 5): Promise<void> {
    await world.wish(wishFor(vmId, epoch));
    await world.pass(1000);
    await world.wish(wishFor(vmId, epoch, { started: true }));
  }

  it('destroys a VM that is wished away and says when nothing is left', async () => {
    await running();
    await world.wish(wishFor('vm-1', 5, { wish: 'absent', started: true }));
    await world.pass(0);
    expect(world.told).toEqual(['Started vm-1', 'Terminated vm-1']);
    expect(world.host.vms.size).toBe(0);
  });

  it('tells the end of a VM once, and only when it is destroyed', async () => {
    await running();
    world.host.fail('destroy', new DriverError('TOOL_FAILED', 'busy', true), 2);
    await world.wish(wishFor('vm-1', 5, { wish: 'absent', started: true }));
    await world.pass(600);
    expect(world.told).toEqual(['Started vm-1']);
    await world.pass(200_000);
    expect(world.told).toEqual(['Started vm-1', 'Terminated vm-1']);
  });

  it('gives up a pull when the VM is wished away', async () => {
    world.cache.pullMs = 3600_000;
    await world.wish(wishFor('vm-1', 5, { image: { ...IMAGE, tag: 'v2' } }));
    await world.pass(5000);
    expect(world.cache.pulling).toBe(1);
    await world.wish(wishFor('vm-1', 5, { wish: 'absent', image: { ...IMAGE, tag: 'v2' } }));
    await world.pass(0);
    expect(world.cache.pulling).toBe(0);
    expect(world.told).toEqual(['Pulling vm-1', 'Terminated vm-1']);
    expect(world.host.calls).toEqual([]);
  });

  it('goes on with a pull that another VM still waits for', async () => {
    world.cache.pullMs = 10_000;
    const image = { ...IMAGE, tag: 'v2' };
    await world.wish(wishFor('vm-1', 5, { image }), wishFor('vm-2', 6, { image }));
    await world.pass(5000);
    await world.wish(wishFor('vm-1', 5, { wish: 'absent', image }), wishFor('vm-2', 6, { image }));
    await world.pass(6000);
    expect(world.cache.pulls).toBe(1);
    expect(world.told).toEqual(['Pulling vm-1', 'Pulling vm-2', 'Terminated vm-1', 'Pulled vm-2', 'Started vm-2']);
  });

  it.each([
    ['its process starts', 50],
    ['its guest comes up', 150],
  ])('destroys a VM that is wished away while %s, and never calls it started', async (_, afterMs) => {
    await world.wish(wishFor('vm-1', 5));
    await world.pass(afterMs);
    await world.wish(wishFor('vm-1', 5, { wish: 'absent' }));
    await world.pass(60_000);
    expect(world.told).toEqual(['Terminated vm-1']);
    expect(world.host.vms.size).toBe(0);
  });

  it('does not wait for its turn to boot a VM that is wished away', async () => {
    world.host.bootMs = 1e9;
    await world.wish(wishFor('vm-1', 1), wishFor('vm-2', 2), wishFor('vm-3', 3));
    await world.pass(10);
    await world.wish(wishFor('vm-1', 1), wishFor('vm-2', 2), wishFor('vm-3', 3, { wish: 'absent' }));
    await world.pass(10);
    expect(world.told).toEqual(['Terminated vm-3']);
  });

  it('ends a start when the seat is taken away, without a word', async () => {
    await world.wish(wishFor('vm-1', 5));
    await world.pass(150);
    await world.wish();
    await world.pass(1000);
    expect(world.told).toEqual([]);
    expect(world.host.calls).toEqual(['start vm-1', 'waitReady vm-1', 'destroy vm-1']);
  });

  it('says that nothing is left of a VM which it never had', async () => {
    await world.wish(wishFor('vm-9', 7, { wish: 'absent' }));
    await world.pass(0);
    expect(world.told).toEqual(['Terminated vm-9']);
  });

  it('never starts again what has ended, even when it hears an old wish after its own restart', async () => {
    await running();
    await world.wish(wishFor('vm-1', 5, { wish: 'absent', started: true }));
    await world.pass(1000);
    world.crash();
    await world.put({ asOf: 5, vms: [wishFor('vm-1', 5)] });
    await world.start();
    await world.pass(200_000);
    expect(world.host.calls.filter((call) => call.startsWith('start'))).toHaveLength(1);
  });

  it('ignores a wish that is older than one it has seen', async () => {
    await running('vm-1', 50);
    await world.put({ asOf: 60, vms: [wishFor('vm-1', 40, { wish: 'absent' })] });
    await world.pass(60_000);
    expect(world.host.vms.get('vm-1')).toMatchObject({ epoch: 50, status: 'running' });
    expect(world.told).toEqual(['Started vm-1']);
  });

  it('ignores a desired value that is older than the one it follows', async () => {
    await running();
    const { asOf } = world;
    await world.wish(wishFor('vm-1', 5, { started: true }), wishFor('vm-2', 30));
    await world.put({ asOf, vms: [] });
    await world.pass(1000);
    expect([...world.host.vms.keys()]).toEqual(['vm-1', 'vm-2']);
  });

  it('follows an older value in the end when it is all there is: the log was made anew', async () => {
    await running('vm-1', 5000);
    await world.put({ asOf: 3, vms: [wishFor('vm-2', 3)] });
    await world.pass(200_000);
    expect(world.told).toEqual(['Started vm-1', 'Started vm-2']);
    expect(world.host.vms.get('vm-1')).toMatchObject({ status: 'running' });
  });

  it('puts the newer seat of a VM in place of the older one', async () => {
    await running('vm-1', 5);
    await world.wish(wishFor('vm-1', 20));
    await world.pass(1000);
    expect(world.host.vms.get('vm-1')).toMatchObject({ epoch: 20 });
    expect(world.told).toEqual(['Started vm-1', 'Started vm-1']);
  });

  it('destroys a VM that nobody knows only when the desired state is newer than it', async () => {
    await running('stranger', 30);
    world.crash();
    await world.put({ asOf: 29, vms: [] });
    await world.start();
    await world.pass(20_000);
    expect(world.host.vms.size).toBe(1);
    await world.put({ asOf: 30, vms: [] });
    await world.pass(0);
    expect(world.host.vms.size).toBe(0);
  });

  it('destroys nothing when there is no desired value', async () => {
    const other = new AgentWorld('node-2');
    world.host.vms.clear();
    await running('vm-1', 5);
    other.host.vms.set('vm-1', world.host.vms.get('vm-1')!);
    await other.start();
    await other.pass(200_000);
    expect(other.host.vms.size).toBe(1);
    expect(other.host.calls).toEqual([]);
  });

  it('restarts a VM as often as was asked for', async () => {
    await running();
    const { startedAt } = world.host.vms.get('vm-1')!;
    await world.wish(wishFor('vm-1', 5, { started: true, restarts: 1 }));
    await world.pass(100_000);
    expect(world.told).toEqual(['Started vm-1', 'Restarted vm-1']);
    const report = world.reports.at(-1);
    expect(report).toMatchObject({ restarts: 1, epoch: 5, instance: { status: 'running' } });
    expect(report?.type === 'ReportVMRestarted' && report.instance.startedAt).toBeGreaterThan(startedAt);
  });

  it('restarts again when a second restart is asked for meanwhile', async () => {
    await running();
    await world.wish(wishFor('vm-1', 5, { started: true, restarts: 1 }));
    await world.pass(10);
    await world.wish(wishFor('vm-1', 5, { started: true, restarts: 3 }));
    await world.pass(1000);
    expect(world.host.vms.get('vm-1')).toMatchObject({ restarts: 3 });
    expect(world.told.at(-1)).toBe('Restarted vm-1');
  });

  it('tells that the VM is off when a restart went wrong halfway, and brings it back later', async () => {
    await running();
    world.host.powerOff('vm-1');
    world.host.fail('restart', new DriverError('TOOL_FAILED', 'exit code 1', true), 2);
    await world.wish(wishFor('vm-1', 5, { started: true, restarts: 1 }));
    await world.pass(5000);
    expect(world.told).toEqual(['Started vm-1', 'Stopped vm-1', 'Restarted vm-1']);
  });

  it('notices that a guest powered itself off', async () => {
    await running();
    world.host.powerOff('vm-1');
    await world.pass(60_000);
    expect(world.told).toEqual(['Started vm-1', 'Stopped vm-1']);
    expect(world.reports.at(-1)).toMatchObject({ instance: { status: 'stopped', stoppedAt: expect.any(Number) } });
  });

  it('notices that a VM vanished from the host, and does not start it again', async () => {
    await running();
    world.host.vms.clear();
    await world.pass(60_000);
    expect(world.told).toEqual(['Started vm-1', 'Lost vm-1']);
    expect(world.host.calls.filter((call) => call.startsWith('start'))).toHaveLength(1);
  });

  it('does not believe a look at the host that began before the VM was there', async () => {
    world.host.listMs = 100_000;
    await world.pass(20_000);
    await world.wish(wishFor('vm-1', 5));
    await world.pass(500);
    await world.wish(wishFor('vm-1', 5, { started: true }));
    await world.pass(100_000);
    expect(world.told).toEqual(['Started vm-1']);
  });

  it('does not boot again a VM that went off before the control plane knew that it had started', async () => {
    await world.wish(wishFor('vm-1', 5));
    await world.pass(1000);
    world.host.powerOff('vm-1');
    await world.pass(60_000);
    expect(world.told).toEqual(['Started vm-1', 'Stopped vm-1']);
  });

  it('misses nothing for long when no message reaches it', async () => {
    world.nats.stop();
    await world.pass(1000);
    world.nats.start();
    await world.wish(wishFor('vm-1', 5));
    await world.pass(31_000);
    expect(world.told).toEqual(['Started vm-1']);
  });
});
