import { beforeEach, describe, expect, it } from '@jest/globals';
import { DriverError } from '../drivers/driver.js';
import { AgentWorld, IMAGE, wishFor } from '../testing/agent-world.js';
import { DEFAULT_OPTIONS } from './options.js';

describe('the agent of a node', () => {
  let world: AgentWorld;
  beforeEach(() => {
    world = new AgentWorld();
  });

  it('joins with what it is and what it has in its cache', async () => {
    await world.start();
    expect(world.reports).toEqual([
      expect.objectContaining({
        type: 'RegisterNode',
        nodeId: 'node-1',
        facts: expect.objectContaining({ name: 'Node One', cpuCount: 8 }),
        config: expect.objectContaining({ capacity: 10 }),
        cached: [{ templateId: 'macos', tag: 'v1' }],
      }),
    ]);
  });

  it('joins as soon as the queue is back when it was away', async () => {
    world.nats.stop();
    await world.start();
    await world.pass(60_000);
    expect(world.reports).toEqual([]);
    world.nats.start();
    await world.pass(10_000);
    expect(world.reports.map(({ type }) => type)).toEqual(['RegisterNode']);
  });

  it('gives a sign of life every five seconds, with the VMs that run and the pulls under way', async () => {
    world.cache.templates.splice(0);
    world.cache.pullMs = 60_000;
    world.host.vms.set('old', { ...(await hostVm(world)), vmId: 'old', epoch: 99 });
    await world.start();
    await world.wish(wishFor('vm-1', 5));
    await world.pass(35_000);
    expect(world.beats.length).toBeGreaterThanOrEqual(7);
    expect(world.beats.at(-1)).toEqual({
      nodeId: 'node-1',
      bootId: 'boot1',
      cpuUtil: 0.1,
      ramUtil: 0.2,
      diskBytes: 100,
      freeDiskBytes: 50,
      vmCount: 1,
      pulls: { 'vm-1': 0.5 },
      intervalMs: 5000,
    });
  });

  it('boots a VM that is wished and reports it as clients will see it', async () => {
    await world.start();
    await world.wish(wishFor('vm-1', 5, { forwards: [{ name: 'ssh', guestPort: 22 }] }));
    await world.pass(1000);
    expect(world.reports.at(-1)).toEqual({
      type: 'ReportVMStarted',
      nodeId: 'node-1',
      vmId: 'vm-1',
      epoch: 5,
      instance: expect.objectContaining({
        uuid: 'uuid-of-vm-1',
        status: 'running',
        hostIp: '192.0.2.7',
        guestIp: '10.0.2.15',
        forwards: [{ name: 'ssh', guestPort: 22, hostPort: 10_000, protocol: 'tcp' }],
      }),
    });
    expect(world.told).toEqual(['Started vm-1']);
  });

  it('tells a start once, however often it looks', async () => {
    await world.start();
    await world.wish(wishFor('vm-1', 5));
    await world.pass(300_000);
    await world.wish(wishFor('vm-1', 5, { started: true }));
    await world.pass(300_000);
    expect(world.told).toEqual(['Started vm-1']);
    expect(world.host.calls).toEqual(['start vm-1', 'waitReady vm-1']);
  });

  it('pulls a template that it lacks first, once for all VMs that want it, and says so', async () => {
    world.cache.templates.splice(0);
    await world.start();
    await world.wish(wishFor('vm-1', 5), wishFor('vm-2', 6));
    await world.pass(2000);
    const types = world.reports
      .slice(1)
      .map((report) => ('vmId' in report ? `${report.type} ${report.vmId}` : report.type));
    expect(types.filter((type) => !type.endsWith('vm-2'))).toEqual([
      'ReportVMPulling vm-1',
      'ReportTemplatePulled',
      'ReportVMPulled vm-1',
      'ReportVMStarted vm-1',
    ]);
    expect(world.told.filter((told) => told.endsWith('vm-2'))).toEqual(['Pulling vm-2', 'Pulled vm-2', 'Started vm-2']);
    expect(world.cache.pulls).toBe(1);
  });

  it('pulls one template at a time', async () => {
    await world.start();
    const wishes = ['v2', 'v3', 'v4'].map((tag, index) =>
      wishFor(`vm-${index}`, index + 1, { image: { ...IMAGE, tag } }),
    );
    await world.wish(...wishes);
    await world.pass(3500);
    expect([world.cache.pulls, world.cache.mostPulling]).toEqual([3, 1]);
    expect(world.told.filter((told) => told.startsWith('Started'))).toHaveLength(3);
  });

  it('boots as many VMs at once as it may, the others after them', async () => {
    await world.start();
    await world.wish(...Array.from({ length: 7 }, (_, index) => wishFor(`vm-${index}`, index + 1)));
    await world.pass(3000);
    expect(world.host.mostBooting).toBe(DEFAULT_OPTIONS.bootsAtOnce);
    expect(world.told).toHaveLength(7);
  });

  it('destroys what is left of a start that failed, reports why, and does not try again', async () => {
    world.host.fail('waitReady', new DriverError('GUEST_UNREACHABLE', 'the guest does not answer', true));
    await world.start();
    await world.wish(wishFor('vm-1', 5));
    await world.pass(300_000);
    expect(world.reports.slice(1)).toEqual([
      {
        type: 'ReportVMStartFailed',
        nodeId: 'node-1',
        vmId: 'vm-1',
        epoch: 5,
        message: 'the guest does not answer',
        retryable: true,
      },
    ]);
    expect(world.host.calls).toEqual(['start vm-1', 'waitReady vm-1', 'destroy vm-1']);
    expect(world.host.vms.size).toBe(0);
  });

  it('does not try again after its own restart either, and says once more that it failed', async () => {
    world.host.fail('start', new DriverError('IMAGE_INVALID', 'no disk in it', false));
    await world.start();
    await world.wish(wishFor('vm-1', 5));
    await world.pass(1000);
    world.crash();
    await world.start();
    await world.pass(1000);
    expect(world.told).toEqual(['StartFailed vm-1', 'StartFailed vm-1']);
    expect(world.host.calls).toEqual(['start vm-1']);
  });

  it('starts the VM again when the control plane seats it here once more', async () => {
    world.host.fail('start', new DriverError('PORT_IN_USE', 'port 10000 is taken', true));
    await world.start();
    await world.wish(wishFor('vm-1', 5));
    await world.pass(1000);
    await world.wish();
    await world.wish(wishFor('vm-1', 9));
    await world.pass(1000);
    expect(world.told).toEqual(['StartFailed vm-1', 'Started vm-1']);
    expect(world.reports.at(-1)).toMatchObject({ epoch: 9 });
  });

  it('pulls again when the host turns out to lack the image after all', async () => {
    world.host.fail('start', new DriverError('IMAGE_MISSING', 'no such blob', true));
    await world.start();
    await world.wish(wishFor('vm-1', 5));
    await world.pass(1000);
    await world.wish(wishFor('vm-1', 9));
    await world.pass(2000);
    expect(world.told).toEqual(['StartFailed vm-1', 'Pulling vm-1', 'Pulled vm-1', 'Started vm-1']);
  });

  it('reports a pull that failed as a failed start', async () => {
    world.cache.failure = new DriverError('NO_SPACE', 'the disk is full', true);
    await world.start();
    await world.wish(wishFor('vm-1', 5, { image: { ...IMAGE, tag: 'v2' } }));
    await world.pass(2000);
    expect(world.told).toEqual(['Pulling vm-1', 'StartFailed vm-1']);
    expect(world.reports.at(-1)).toMatchObject({ message: 'the disk is full', retryable: true });
  });

  it('keeps trying to destroy what is left, and tells of the failure when it is gone', async () => {
    world.host.fail('waitReady', new DriverError('GUEST_UNREACHABLE', 'silence', true));
    world.host.fail('destroy', new DriverError('TOOL_FAILED', 'busy', true), 3);
    await world.start();
    await world.wish(wishFor('vm-1', 5));
    await world.pass(60_000);
    expect(world.told).toEqual(['StartFailed vm-1']);
    expect(world.host.vms.size).toBe(0);
  });

  it('tells everything once there is room, when it had more to tell than it may hold', async () => {
    world.options = { ...DEFAULT_OPTIONS, maxWaitingReports: 2, bootsAtOnce: 100 };
    await world.start();
    const script = { digest: 'sha256:5c', sizeBytes: 1, when: 'boot', monitored: false, timeoutMs: 1000 } as const;
    const wishes = [1, 2, 3, 4, 5, 6].map((epoch) =>
      wishFor(`vm-${epoch}`, epoch, { script: { ...script, onFailure: 'keep' } }),
    );
    await world.wish(...wishes);
    world.nats.stop();
    await world.pass(10_000);
    expect(world.agent.figures).toMatchObject({ running: 6, reportsWaiting: 2 });
    expect(world.host.calls.filter((call) => call.startsWith('waitReady')).length).toBeLessThan(40);
    expect(world.host.calls.filter((call) => call.startsWith('runScript'))).toHaveLength(2);
    world.nats.start();
    await world.pass(120_000);
    expect([...new Set(world.told)].sort()).toEqual(wishes.map(({ vmId }) => `Started ${vmId}`));
    expect(world.host.calls.filter((call) => call.startsWith('runScript'))).toHaveLength(6);
    expect(world.reports.filter(({ type }) => type === 'RegisterNode').length).toBeGreaterThan(1);
  });

  async function hostVm(of: AgentWorld) {
    const started = of.host.start(
      { vmId: 'x', epoch: 1, name: 'x', image: IMAGE, cpu: 1, memoryMiB: 1, forwards: [], restarts: 0 },
      new AbortController().signal,
    );
    await of.pass(1000);
    const vm = await started;
    of.host.vms.clear();
    return vm;
  }
});
