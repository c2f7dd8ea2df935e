import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Assignment } from '#domain';
import { AgentWorld, IMAGE, wishFor } from '../testing/agent-world.js';

const SCRIPT = {
  digest: 'sha256:5c',
  sizeBytes: 10,
  when: 'boot',
  monitored: true,
  timeoutMs: 60_000,
  onFailure: 'stop',
} as const;

describe('an agent that was killed and starts again', () => {
  let world: AgentWorld;
  beforeEach(async () => {
    world = new AgentWorld();
    await world.start();
  });

  const count = (call: string): number => world.host.calls.filter((one) => one.startsWith(call)).length;

  async function killAfter(ms: number, wish: Assignment = wishFor('vm-1', 5)): Promise<void> {
    await world.wish(wish);
    await world.pass(ms);
    world.crash();
    await world.pass(5000);
    await world.start();
  }

  it('joins again under a new boot, with reports of its own', async () => {
    world.crash();
    await world.start();
    const ids = [1, 2].map((sequence) => world.nats.commands.at(sequence).messageId);
    expect(ids).toEqual(['node-1:boot1:1', 'node-1:boot2:1']);
  });

  it('pulls again what it was pulling', async () => {
    await killAfter(500, wishFor('vm-1', 5, { image: { ...IMAGE, tag: 'v2' } }));
    await world.pass(5000);
    expect(world.told.at(-1)).toBe('Started vm-1');
    expect(count('start')).toBe(1);
  });

  it('takes over a VM whose process was being started', async () => {
    await killAfter(50);
    await world.pass(5000);
    expect(world.told).toEqual(['Started vm-1']);
    expect(count('start')).toBe(1);
  });

  it('takes over a VM whose guest was coming up', async () => {
    await killAfter(150);
    await world.pass(5000);
    expect(world.told).toEqual(['Started vm-1']);
    expect([count('start'), count('destroy')]).toEqual([1, 0]);
  });

  it('leaves a running VM alone', async () => {
    await world.wish(wishFor('vm-1', 5));
    await world.pass(1000);
    await killAfter(10, wishFor('vm-1', 5, { started: true }));
    await world.pass(100_000);
    expect(world.told).toEqual(['Started vm-1']);
    expect(world.host.calls).toEqual(['start vm-1', 'waitReady vm-1']);
  });

  it('tells a start again that was not acknowledged', async () => {
    await world.wish(wishFor('vm-1', 5));
    world.nats.stop();
    await world.pass(3000);
    world.crash();
    world.nats.start();
    await world.start();
    await world.pass(3000);
    expect(world.told).toEqual(['Started vm-1']);
    expect(count('start')).toBe(1);
  });

  it('does not run a script twice that had ended, and reports its first result', async () => {
    await world.wish(wishFor('vm-1', 5, { script: SCRIPT }));
    await world.pass(250);
    expect(count('runScript')).toBe(1);
    world.nats.stop();
    await world.pass(100);
    world.crash();
    world.nats.start();
    world.host.script = { returnCode: 1, didTimeout: false, stdout: '', stderr: 'ran twice' };
    await world.start();
    await world.pass(5000);
    expect(count('runScript')).toBe(1);
    expect(world.reports.at(-1)).toMatchObject({ type: 'ReportVMStarted', script: { returnCode: 0, stdout: 'ok' } });
  });

  it('gives up a VM whose script it did not see end: a fresh one may try', async () => {
    world.host.scriptMs = 30_000;
    await killAfter(1000, wishFor('vm-1', 5, { script: SCRIPT }));
    await world.pass(60_000);
    expect(count('runScript')).toBe(1);
    expect(world.reports.at(-1)).toMatchObject({
      type: 'ReportVMStartFailed',
      retryable: true,
      message: 'the node agent was restarted while the startup script ran',
    });
    expect(world.host.vms.size).toBe(0);
  });

  it('keeps a VM stopped whose script failed, and tells so again', async () => {
    world.host.script = { returnCode: 2, didTimeout: false, stdout: '', stderr: '' };
    await killAfter(1000, wishFor('vm-1', 5, { script: SCRIPT }));
    await world.pass(60_000);
    expect(world.told).toEqual(['StartFailed vm-1', 'StartFailed vm-1']);
    expect(world.reports.at(-1)).toMatchObject({ script: { returnCode: 2 }, instance: { status: 'stopped' } });
    expect(count('start')).toBe(1);
  });

  it('runs a script that nobody waits for at most once', async () => {
    world.host.scriptMs = 10_000;
    await killAfter(1000, wishFor('vm-1', 5, { script: { ...SCRIPT, monitored: false } }));
    await world.pass(60_000);
    expect(count('runScript')).toBe(1);
  });

  it('finishes the end of a VM that was wished away', async () => {
    await world.wish(wishFor('vm-1', 5));
    await world.pass(1000);
    world.crash();
    await world.wish(wishFor('vm-1', 5, { wish: 'absent', started: true }));
    await world.start();
    await world.pass(1000);
    expect(world.told).toEqual(['Started vm-1', 'Terminated vm-1']);
    expect(world.host.vms.size).toBe(0);
  });

  it('tells the end again, because it cannot know whether it was heard', async () => {
    await world.wish(wishFor('vm-1', 5, { wish: 'absent' }));
    await world.pass(100);
    world.crash();
    await world.start();
    expect(world.told).toEqual(['Terminated vm-1', 'Terminated vm-1']);
  });

  it('finishes a restart', async () => {
    await world.wish(wishFor('vm-1', 5));
    await world.pass(1000);
    await killAfter(50, wishFor('vm-1', 5, { started: true, restarts: 1 }));
    await world.pass(5000);
    expect(world.told).toEqual(['Started vm-1', 'Restarted vm-1']);
    expect(count('restart')).toBe(1);
  });

  it('tells what happened to its VMs while it was away', async () => {
    await world.wish(wishFor('vm-1', 5), wishFor('vm-2', 6));
    await world.pass(1000);
    world.crash();
    world.host.powerOff('vm-1');
    world.host.vms.delete('vm-2');
    await world.wish(wishFor('vm-1', 5, { started: true }), wishFor('vm-2', 6, { started: true }));
    await world.start();
    expect(world.told.slice(2).sort()).toEqual(['Lost vm-2', 'Stopped vm-1']);
  });

  it('starts what was begun although the first value it reads is too old to know of it', async () => {
    world.cache.pullMs = 60_000;
    const wish = wishFor('vm-1', 50, { image: { ...IMAGE, tag: 'v2' } });
    await world.wish(wish);
    await world.pass(1000);
    world.crash();
    await world.put({ asOf: 40, vms: [] });
    await world.start();
    await world.pass(1000);
    await world.put({ asOf: 50, vms: [wish] });
    await world.pass(100_000);
    expect(world.told.at(-1)).toBe('Started vm-1');
  });

  it('starts anew what vanished while the value that it followed was too old to know of it', async () => {
    await world.wish(wishFor('vm-1', 50));
    await world.pass(150);
    world.crash();
    await world.put({ asOf: 40, vms: [] });
    await world.start();
    await world.pass(1000);
    world.host.vms.clear();
    await world.pass(15_000);
    await world.put({ asOf: 50, vms: [wishFor('vm-1', 50)] });
    await world.pass(1000);
    expect(world.told).toEqual(['Started vm-1']);
  });

  it('waits with everything until it could look at the host', async () => {
    await world.wish(wishFor('vm-1', 5));
    await world.pass(1000);
    world.crash();
    world.host.fail('list', new Error('no such directory'), 5);
    await world.start();
    await world.pass(1000);
    expect(world.told).toEqual(['Started vm-1']);
    await world.pass(60_000);
    expect(world.told).toEqual(['Started vm-1', 'Started vm-1']);
    expect(count('start')).toBe(1);
  });
});
