import { beforeEach, describe, expect, it } from '@jest/globals';
import type { StartupScript } from '#domain';
import { AgentWorld, wishFor } from '../testing/agent-world.js';

const MONITORED: StartupScript = {
  digest: 'sha256:5c',
  sizeBytes: 10,
  when: 'network',
  monitored: true,
  timeoutMs: 60_000,
  onFailure: 'delete',
};

describe('a startup script', () => {
  let world: AgentWorld;
  const endings: string[] = [];
  beforeEach(async () => {
    world = new AgentWorld();
    endings.length = 0;
    await world.start({ scriptEnded: (_, returnCode, length) => endings.push(`${returnCode}, ${length} characters`) });
  });

  const scripts = (): string[] => world.host.calls.filter((call) => call.startsWith('runScript'));
  const start = (script: Partial<StartupScript>) =>
    world.wish(wishFor('vm-1', 5, { script: { ...MONITORED, ...script } }));

  it('that is monitored runs before the VM counts as started, and its result is reported', async () => {
    world.host.scriptMs = 5000;
    await start({});
    await world.pass(3000);
    expect(world.told).toEqual([]);
    await world.pass(3000);
    expect(scripts()).toEqual(['runScript vm-1 sha256:5c']);
    expect(world.reports.at(-1)).toMatchObject({
      type: 'ReportVMStarted',
      script: { returnCode: 0, didTimeout: false, stdout: 'ok', stderr: '' },
    });
  });

  it.each([
    ['delete', 0, undefined],
    ['stop', 1, 'stopped'],
    ['keep', 1, 'running'],
  ] as const)('that fails fails the start for good; on failure %s', async (onFailure, vmsLeft, status) => {
    world.host.script = { returnCode: 3, didTimeout: false, stdout: '', stderr: 'no' };
    await start({ onFailure });
    await world.pass(200_000);
    expect(world.told).toEqual(['StartFailed vm-1']);
    expect(world.reports.at(-1)).toEqual({
      type: 'ReportVMStartFailed',
      nodeId: 'node-1',
      vmId: 'vm-1',
      epoch: 5,
      message: 'startup script exit code 3',
      retryable: false,
      script: world.host.script,
      ...(status && { instance: expect.objectContaining({ status, uuid: 'uuid-of-vm-1' }) }),
    });
    expect(world.host.vms.size).toBe(vmsLeft);
    expect(world.host.vms.get('vm-1')?.status).toBe(status);
  });

  it.each(['delete', 'stop', 'keep'] as const)(
    'that takes too long fails the start as well; on failure %s',
    async (on) => {
      world.host.scriptMs = 3600_000;
      await start({ onFailure: on });
      await world.pass(100_000);
      expect(world.reports.at(-1)).toMatchObject({
        type: 'ReportVMStartFailed',
        retryable: false,
        message: 'startup script exit code -1',
        script: { returnCode: -1, didTimeout: true },
      });
      expect(world.host.vms.get('vm-1')?.status).toBe({ delete: undefined, stop: 'stopped', keep: 'running' }[on]);
    },
  );

  it('does not keep other VMs from booting', async () => {
    world.host.scriptMs = 50_000;
    const script = MONITORED;
    await world.wish(...[1, 2, 3, 4, 5].map((epoch) => wishFor(`vm-${epoch}`, epoch, { script })));
    await world.pass(5000);
    expect(scripts()).toHaveLength(5);
  });

  it('that is not monitored runs once the start is told, and only the log hears of its end', async () => {
    world.host.script = { returnCode: 7, didTimeout: false, stdout: 'a secret', stderr: '' };
    await start({ monitored: false });
    await world.pass(10_000);
    expect(world.told).toEqual(['Started vm-1']);
    expect(world.reports.at(-1)).not.toHaveProperty('script');
    expect(scripts()).toHaveLength(1);
    expect(endings).toEqual(['7, 8 characters']);
    await world.wish(wishFor('vm-1', 5, { started: true, script: { ...MONITORED, monitored: false } }));
    await world.pass(100_000);
    expect(scripts()).toHaveLength(1);
  });

  it('that is not monitored is fetched again later when it cannot be had at first', async () => {
    const fetch = world.scripts.fetch.bind(world.scripts);
    world.scripts.fetch = () => Promise.reject(new Error('the API is away'));
    await start({ monitored: false });
    await world.pass(1000);
    expect([world.told, scripts()]).toEqual([['Started vm-1'], []]);
    world.scripts.fetch = fetch;
    await world.pass(60_000);
    expect(scripts()).toHaveLength(1);
    expect(world.faults).toEqual([expect.stringMatching(/startup script of VM vm-1: Error: the API is away/)]);
  });

  it('that is not monitored ends with its VM', async () => {
    world.host.scriptMs = 1e9;
    await start({ monitored: false });
    await world.pass(1000);
    expect(world.host.scriptsRunning).toBe(1);
    await world.wish(wishFor('vm-1', 5, { wish: 'absent', started: true }));
    await world.pass(1000);
    expect(world.host.scriptsRunning).toBe(0);
    expect(world.told).toEqual(['Started vm-1', 'Terminated vm-1']);
    expect(endings).toEqual([]);
    expect(world.faults).toEqual([]);
  });

  it('that cannot be had lets another attempt try', async () => {
    world.scripts.fetch = () => Promise.reject(new Error('the API is away'));
    await start({});
    await world.pass(10_000);
    expect(world.reports.at(-1)).toMatchObject({
      type: 'ReportVMStartFailed',
      retryable: true,
      message: 'the API is away',
    });
    expect(world.host.vms.size).toBe(0);
  });

  it('waits for the network unless it is for the boot', async () => {
    world.host.guestIp = '';
    await start({});
    await world.wish(
      wishFor('vm-1', 5, { script: MONITORED }),
      wishFor('vm-2', 6, { script: { ...MONITORED, when: 'boot' } }),
    );
    await world.pass(5000);
    expect(scripts()).toEqual(['runScript vm-2 sha256:5c']);
    world.host.guestIp = '10.0.2.15';
    await world.pass(5000);
    expect(scripts()).toHaveLength(2);
  });

  it('runs without network when none comes up', async () => {
    world.host.guestIp = '';
    await start({});
    await world.pass(40_000);
    expect(world.told).toEqual(['Started vm-1']);
  });

  it('is given up when the VM is wished away', async () => {
    world.host.scriptMs = 50_000;
    await start({});
    await world.pass(5000);
    await world.wish(wishFor('vm-1', 5, { wish: 'absent', script: MONITORED }));
    await world.pass(0);
    expect(world.told).toEqual(['Terminated vm-1']);
    expect(world.host.vms.size).toBe(0);
  });
});
