import { describe, expect, it } from '@jest/globals';
import { MemoryNats, VirtualClock } from '#events/testing';
import { IMAGE } from '../testing/agent-world.js';
import { simulatedNode } from '../testing/simulated-node.js';
import { SmallControlPlane } from '../testing/small-control-plane.js';

const TEMPLATE = {
  type: 'PushTemplate',
  templateId: 'macos',
  name: 'macOS',
  arch: 'amd64',
  tag: 'v1',
  description: '',
  disk: { digest: IMAGE.disk.digest, sizeBytes: 5e9 },
  cpu: 2,
  memoryMiB: 1024,
  forwards: [{ name: 'ssh', guestPort: 22 }],
} as const;

const SAVE = {
  type: 'SaveImage',
  requestId: 'r1',
  target: { templateId: 'macos' },
  tag: 'v2',
  description: '',
  suspend: true,
  scriptTimeoutMs: 1000,
  cancelOnScriptFailure: false,
  revertBeforePush: false,
  suspendSanityTest: false,
} as const;

describe('two agents under the real control plane', () => {
  async function fleet() {
    const clock = new VirtualClock(1_700_000_000_000);
    const nats = new MemoryNats(clock);
    const plane = SmallControlPlane.on(nats);
    void plane.run();
    const nodes = ['node-1', 'node-2'].map((nodeId) => simulatedNode(nodeId, nats, clock));
    for (const { agent } of nodes) void agent.start();
    await clock.advanceBy(100);
    void plane.ask(TEMPLATE);
    await clock.advanceBy(100);
    return { clock, plane, nodes };
  }

  it('start VMs, tell of each step, and end them', async () => {
    const { clock, plane, nodes } = await fleet();
    const vmIds = Array.from({ length: 12 }, (_, index) => `vm-${index}`);
    void plane.ask({ type: 'StartVM', vmIds, request: { templateId: 'macos' } });
    await clock.advanceBy(60_000);
    for (const vmId of vmIds) expect(plane.cluster.vms.get(vmId as never)?.phase.name).toBe('running');
    expect(plane.story('vm-0')).toEqual(['StartVM', 'VMScheduled', 'VMPulling', 'VMPulled', 'VMStarted']);
    const onHosts = await Promise.all(nodes.map(({ driver }) => driver.list()));
    expect(
      onHosts
        .flat()
        .map(({ vmId }) => vmId)
        .sort(),
    ).toEqual([...vmIds].sort());
    expect(Math.min(...onHosts.map(({ length }) => length))).toBeGreaterThan(0);

    for (const vmId of vmIds) void plane.ask({ type: 'TerminateVM', vmId });
    await clock.advanceBy(10_000);
    for (const vmId of vmIds) expect(plane.story(vmId).slice(-3)).toEqual(['VMStarted', 'TerminateVM', 'VMTerminated']);
    expect((await Promise.all(nodes.map(({ driver }) => driver.list()))).flat()).toEqual([]);
  });

  it('restart a VM, and notice when one powers itself off', async () => {
    const { clock, plane, nodes } = await fleet();
    void plane.ask({ type: 'StartVM', vmIds: ['vm-1', 'vm-2'], request: { templateId: 'macos' } });
    await clock.advanceBy(30_000);
    void plane.ask({ type: 'RestartVM', vmId: 'vm-1' });
    await clock.advanceBy(30_000);
    expect(plane.story('vm-1').slice(-2)).toEqual(['RestartVM', 'VMRestarted']);
    for (const { driver } of nodes) await driver.stop('vm-2');
    await clock.advanceBy(30_000);
    expect(plane.story('vm-2').at(-1)).toBe('VMStopped');
    expect(plane.cluster.vms.get('vm-1' as never)?.phase.name).toBe('running');
  });

  it('keep their VMs through a silence shorter than the grace period, and destroy what was given up after a longer one', async () => {
    const { clock, plane, nodes } = await fleet();
    void plane.ask({ type: 'StartVM', vmIds: ['vm-1'], request: { templateId: 'macos', nodeId: 'node-1' } });
    await clock.advanceBy(30_000);
    const here = async () => (await nodes[0]?.driver.list())?.map(({ vmId }) => vmId);
    const silence = async (minutes: number) => {
      void plane.ask({ type: 'MarkNodeSilent', nodeId: 'node-1', lastBeatAt: 0 });
      await clock.advanceBy(minutes * 60_000);
      void plane.ask({ type: 'RunTimers' });
      void plane.ask({ type: 'MarkNodeHeard', nodeId: 'node-1' });
      await clock.advanceBy(30_000);
    };
    await silence(9);
    expect(plane.story('vm-1').at(-1)).toBe('VMStarted');
    expect(await here()).toEqual(['vm-1']);
    await silence(11);
    expect(plane.story('vm-1').at(-1)).toBe('VMLost');
    expect(await here()).toEqual([]);
  });

  it('lose no VM to a failed start: another attempt follows, on either', async () => {
    const { clock, plane, nodes } = await fleet();
    let failuresLeft = 2;
    for (const { driver } of nodes) {
      const start = driver.waitReady.bind(driver);
      driver.waitReady = async (...args) => {
        if (failuresLeft-- > 0) throw new Error('no answer');
        return start(...args);
      };
    }
    void plane.ask({ type: 'StartVM', vmIds: ['vm-1'], request: { templateId: 'macos' } });
    await clock.advanceBy(60_000);
    expect(plane.story('vm-1').filter((type) => type === 'VMStartAttemptFailed')).toHaveLength(2);
    expect(plane.cluster.vms.get('vm-1' as never)).toMatchObject({ phase: { name: 'running' } });
  });

  it('have what a distribution brings, drop what is to go, and start no VM for it', async () => {
    const { clock, plane } = await fleet();
    void plane.ask({ type: 'DistributeTemplateToNodes', distributionId: 'd', templateId: 'macos' });
    await clock.advanceBy(3_000);
    const rows = () => [...(plane.cluster.distributions.get('d' as never)?.nodes.values() ?? [])];
    expect(rows().map(({ done, progress }) => !done && progress > 0)).toEqual([true, true]);
    await clock.advanceBy(10_000);
    expect(rows()).toEqual([
      { done: true, progress: 1 },
      { done: true, progress: 1 },
    ]);
    const cached = () => [...plane.cluster.nodes.values()].map((node) => node.cached.size);
    expect([cached(), plane.cluster.vms.size]).toEqual([[1, 1], 0]);
    void plane.ask({ type: 'RemoveTemplateFromNodes', templateId: 'macos', nodeIds: ['node-2'] });
    await clock.advanceBy(5_000);
    expect(cached()).toEqual([1, 0]);
    const told = plane.events.filter(({ type }) => type === 'TemplatePulled' || type === 'TemplateEvicted');
    expect(told).toHaveLength(3);
  });

  it('save a VM: its layer becomes the top of a new tag, of which another VM is started', async () => {
    const { clock, plane, nodes } = await fleet();
    void plane.ask({ type: 'StartVM', vmIds: ['vm-1'], request: { templateId: 'macos', nodeId: 'node-1' } });
    await clock.advanceBy(60_000);
    void plane.ask({ ...SAVE, vmId: 'vm-1' });
    await clock.advanceBy(60_000);
    expect(plane.story('vm-1').slice(-4)).toEqual(['VMPushing', 'ImageSaved', 'VMPushed', 'VMTerminated']);
    expect(await nodes[0]?.driver.list()).toEqual([]);
    const image = plane.cluster.templates.get('macos' as never)?.versions.at(-1)?.image;
    expect(image).toMatchObject({ tag: 'v2', base: [TEMPLATE.disk] });
    expect(image?.disk.sizeBytes).toBeLessThan(1000);

    const before = clock.now();
    void plane.ask({
      type: 'StartVM',
      vmIds: ['vm-2'],
      request: { templateId: 'macos', tag: 'v2', nodeId: 'node-1' },
    });
    await clock.advanceBy(60_000);
    const phase = plane.cluster.vms.get('vm-2' as never)?.phase;
    expect(phase?.name).toBe('running');
    // The five gigabytes below are on the node already: their pull alone would take five seconds.
    expect(phase?.name === 'running' ? phase.instance.startedAt - before : Infinity).toBeLessThan(5_000);
  });

  it('have a VM run on that could not be saved', async () => {
    const { clock, plane, nodes } = await fleet();
    void plane.ask({ type: 'StartVM', vmIds: ['vm-1'], request: { templateId: 'macos' } });
    await clock.advanceBy(60_000);
    for (const { driver } of nodes) driver.commit = () => Promise.reject(new Error('the disk is full'));
    void plane.ask({ ...SAVE, vmId: 'vm-1' });
    await clock.advanceBy(60_000);
    expect(plane.story('vm-1').slice(-3)).toEqual(['VMPushing', 'VMPushFailed', 'ImageSaveFailed']);
    expect(plane.cluster.vms.get('vm-1' as never)?.phase.name).toBe('running');
    const onHosts = await Promise.all(nodes.map(({ driver }) => driver.list()));
    expect(onHosts.flat()).toMatchObject([{ vmId: 'vm-1', status: 'running' }]);
  });
});
