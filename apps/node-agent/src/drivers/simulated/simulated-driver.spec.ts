import type { Clock } from '../clock.js';
import { CONTRACT_SCRIPTS, driverContract } from '../driver.contract.js';
import type { ScriptResult, VmSpec } from '../driver.js';
import { SIMULATED_DEFAULTS, type SimulatedOptions } from './options.js';
import { SimulatedDriver } from './simulated-driver.js';

const never = new AbortController().signal;

/** Time that passes only by sleeping. */
function jumpingClock(): Clock {
  let now = 1_700_000_000_000;
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      now += ms;
    },
  };
}

function script(text: string): ScriptResult {
  const result = { returnCode: 0, didTimeout: false, stdout: '', stderr: '' };
  if (text === CONTRACT_SCRIPTS.SUCCEEDS) return { ...result, returnCode: 3, stdout: 'seen\n', stderr: 'told\n' };
  if (text === CONTRACT_SCRIPTS.PRINTS_TOO_MUCH) return { ...result, stdout: `${'x'.repeat(400_000)}end\n` };
  return result;
}

function spec(vmId: string, overrides: Partial<VmSpec> = {}): VmSpec {
  const image = { templateId: 't', tag: 'v1', disk: { digest: `sha256:${'0'.repeat(64)}`, sizeBytes: 1 } };
  const forwards = [{ name: 'ssh', guestPort: 22 }];
  return { vmId, epoch: 7, name: vmId, image, cpu: 1, memoryMiB: 128, forwards, restarts: 0, ...overrides };
}

function makeDriver(options: Partial<SimulatedOptions> = {}): SimulatedDriver {
  return new SimulatedDriver({ ...SIMULATED_DEFAULTS, clock: jumpingClock(), random: () => 0.5, script, ...options });
}

describe('a simulated host', () => {
  it('shows VMs that were started by hand among the unknown ones, until they are ended', async () => {
    const host = makeDriver();
    host.startByHand('toy');
    await host.start(spec('ours'), never);
    expect(await host.listUnknown()).toEqual(['toy']);
    expect((await host.list()).map(({ vmId }) => vmId)).toEqual(['ours']);
    await host.endUnknown('toy');
    expect(await host.listUnknown()).toEqual([]);
  });
});

driverContract('simulated', async () => {
  // A script that overruns takes longer than the contract lets it; the others take no time of the virtual clock's.
  const host = makeDriver({ scriptMs: (text) => (text === CONTRACT_SCRIPTS.OVERRUNS ? 60_000 : 100) });
  return { driver: () => host, spec, readyMs: 10_000, graceMs: 1000, scriptMs: 10_000 };
});

describe('the simulated driver', () => {
  it('fails as many starts as asked for, and leaves nothing of them', async () => {
    const draws = [0.9, 0.5, 0.1, 0.9, 0.5];
    const driver = makeDriver({ failureRate: 0.3, random: () => draws.shift() ?? 0 });
    await driver.start(spec('vm-1'), never);
    await expect(driver.start(spec('vm-2'), never)).rejects.toMatchObject({ code: 'TOOL_FAILED', retryable: true });
    await driver.start(spec('vm-3'), never);
    expect((await driver.list()).map(({ vmId }) => vmId)).toEqual(['vm-1', 'vm-3']);
  });

  it('is not deceived by a timer that fires early', async () => {
    const clock = jumpingClock();
    const early = { ...clock, sleep: (ms: number) => clock.sleep(ms > 1 ? ms - 0.5 : ms) };
    const driver = makeDriver({ clock: early });
    await driver.start(spec('vm-1'), never);
    await expect(driver.waitReady('vm-1', 10_000, never)).resolves.toMatchObject({ status: 'running' });
  });

  it('keeps a stopped VM whose start fails', async () => {
    const draws = [0.9, 0.5, 0.1];
    const driver = makeDriver({ failureRate: 0.3, random: () => draws.shift() ?? 0 });
    await driver.start(spec('vm-1'), never);
    await driver.stop('vm-1');
    await expect(driver.start(spec('vm-1'), never)).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    expect(await driver.list()).toEqual([expect.objectContaining({ vmId: 'vm-1', status: 'stopped' })]);
  });

  it('gets ready after the boot time that chance gives it', async () => {
    const clock = jumpingClock();
    const driver = makeDriver({ clock, bootMsMin: 1000, bootMsMax: 3000, random: () => 0.25 });
    const before = clock.now();
    await driver.start(spec('vm-1'), never);
    await driver.waitReady('vm-1', 10_000, never);
    expect(clock.now() - before).toBe(1500);
  });

  it('releases the ports of a VM that could not have all of them', async () => {
    const driver = makeDriver();
    await driver.start(spec('vm-1', { forwards: [{ name: 'a', guestPort: 1, hostPort: 10_001 }] }), never);
    const rules = [
      { name: 'b', guestPort: 2, hostPort: 10_000 },
      { name: 'a', guestPort: 1, hostPort: 10_001 },
    ];
    await expect(driver.start(spec('vm-2', { forwards: rules }), never)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    const vm = await driver.start(spec('vm-3', { forwards: rules.slice(0, 1) }), never);
    expect(vm.forwards[0]?.hostPort).toBe(10_000);
  });

  it('runs thousands of VMs without a timer', async () => {
    const driver = makeDriver();
    for (let index = 0; index < 5000; index++) await driver.start(spec(`vm-${index}`), never);
    const ports = new Set((await driver.list()).map(({ forwards }) => forwards[0]?.hostPort));
    expect(ports.size).toBe(5000);
  });
});
