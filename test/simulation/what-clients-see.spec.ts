import { CalmWorld, LOOK_MS, statesOf } from './calm-world.js';

/** Simulated nodes pull 100 MB/s. */
const QUICK_PULL = 1;
const PULL_OF_30_S = 3_000_000_000;
const ZERO_TIME = '0001-01-01T00:00:00Z';

async function worldOf(imageBytes: number, ...given: ConstructorParameters<typeof CalmWorld>): Promise<CalmWorld> {
  const world = new CalmWorld(...given);
  await world.ready(imageBytes);
  return world;
}

/** A world in which the VM runs. */
async function running(...given: ConstructorParameters<typeof CalmWorld>): Promise<CalmWorld> {
  const world = await worldOf(QUICK_PULL, ...given);
  await world.start('vm');
  await world.watch('vm', 15_000);
  expect(world.see('vm')?.instance_state).toBe('Started');
  return world;
}

/** What clients of the Anka dialect see over time (anka.md §4). */
describe('a start', () => {
  it('is seen at once, pulls with progress, boots, and runs; nothing in between looks like an end', async () => {
    const world = await worldOf(PULL_OF_30_S, [{}]);
    await world.start('vm');
    expect(world.see('vm')).toMatchObject({ instance_state: expect.stringMatching('Scheduling|Pulling'), progress: 0 });
    const seen = await world.watch('vm', 60_000);
    const states = statesOf(seen);
    expect(states.at(-1)).toBe('Started');
    expect(states.filter((state) => !['Scheduling', 'Pulling', 'Started'].includes(state))).toEqual([]);
    expect(states).toContain('Pulling');
    const pulling = seen.filter((instance) => instance?.instance_state === 'Pulling');
    const progress = pulling.map((instance) => instance?.progress ?? NaN);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(new Set(progress).size).toBeGreaterThan(2);
    for (const instance of seen) {
      if (instance?.instance_state !== 'Pulling') expect([0, 1]).toContain(instance?.progress);
      expect(instance?.vminfo === undefined).toBe(instance?.instance_state !== 'Started');
    }
    expect(seen.at(-1)?.vminfo).toMatchObject({ status: 'running', host_ip: '127.0.0.1', stop_date: ZERO_TIME });
  });

  it('that fails on one node goes on at another without leaving Scheduling, and says so', async () => {
    const world = await worldOf(QUICK_PULL, [{ failureRate: 1 }, {}]);
    await world.start('vm');
    const seen = await world.watch('vm', 30_000);
    const states = statesOf(seen);
    expect(states.filter((state) => !['Scheduling', 'Pulling', 'Started'].includes(state))).toEqual([]);
    expect(states.at(-1)).toBe('Started');
    expect(seen.at(-1)).toMatchObject({ node_id: 'node-1', attempts: [{ node_id: 'node-0' }] });
  });

  it('that fails for good ends in Error, which stays until somebody ends the VM', async () => {
    const world = await worldOf(QUICK_PULL, [{ failureRate: 1 }]);
    await world.start('vm');
    expect(statesOf(await world.watch('vm', 600_000)).at(-1)).toBe('Error');
    expect(world.see('vm')?.message).toContain('the simulated host failed');
    await world.ask({ type: 'TerminateVM', vmId: 'vm' });
    expect(statesOf(await world.watch('vm', 70_000)).at(-1)).toBe('gone');
  });
});

describe('an end', () => {
  it.each([60_000, 5_000])(
    'shows the terminated instance for %i ms, and then it is gone',
    async (terminatedVisibleMs) => {
      const world = await running([{}], { terminatedVisibleMs });
      await world.ask({ type: 'TerminateVM', vmId: 'vm' });
      const seen = await world.watch('vm', terminatedVisibleMs + 10_000);
      expect(statesOf(seen).filter((state) => state !== 'Terminating')).toEqual(['Terminated', 'gone']);
      const shownMs = seen.filter((instance) => instance?.instance_state === 'Terminated').length * LOOK_MS;
      expect(Math.abs(shownMs - terminatedVisibleMs)).toBeLessThanOrEqual(2_000);
    },
  );

  it.each([2_000, 20_000, 31_000])('%i ms after the start wins over pull and boot', async (afterMs) => {
    const world = await worldOf(PULL_OF_30_S, [{}]);
    await world.start('vm');
    await world.watch('vm', afterMs);
    await world.ask({ type: 'TerminateVM', vmId: 'vm' });
    const states = statesOf(await world.watch('vm', 180_000));
    expect(states.filter((state) => !['Terminating', 'Terminated', 'gone'].includes(state))).toEqual([]);
    expect(states.at(-1)).toBe('gone');
    expect(await world.hosts[0]?.driver.list()).toEqual([]);
  });
});

describe('a restart', () => {
  it('keeps the instance Started and running, and ends with another start date', async () => {
    const world = await running([{}]);
    const before = world.see('vm')?.vminfo?.start_date;
    await world.ask({ type: 'RestartVM', vmId: 'vm' });
    const seen = await world.watch('vm', 30_000);
    expect(statesOf(seen)).toEqual(['Started']);
    expect(seen.at(-1)?.vminfo?.status).toBe('running');
    expect(seen.at(-1)?.vminfo?.start_date).not.toBe(before);
  });
});

describe('a VM that is lost', () => {
  it('is an Error that still says all that was known of it', async () => {
    const world = await running([{}]);
    const { name, uuid, host_ip, port_forwarding } = world.see('vm')?.vminfo ?? {};
    await world.hosts[0]?.driver.destroy('vm');
    const seen = await world.watch('vm', 60_000);
    expect(statesOf(seen)).toEqual(['Started', 'Error']);
    expect(seen.at(-1)?.message).not.toBe('');
    expect(seen.at(-1)?.vminfo).toMatchObject({ name, uuid, host_ip, port_forwarding });
  });

  it.each([60_000, 600_000])('with its node is an Error %i ms after the node fell silent', async (lostAfterMs) => {
    const world = await running([{}], { lostAfterMs, nodeSilentMs: 30_000 });
    world.agents[0]?.kill();
    const seen = await world.watch('vm', lostAfterMs + 60_000);
    expect(statesOf(seen)).toEqual(['Started', 'Error']);
    const startedMs = seen.filter((instance) => instance?.instance_state === 'Started').length * LOOK_MS;
    expect(startedMs).toBeGreaterThan(lostAfterMs);
  });
});

describe('a VM that powers itself off', () => {
  it('is Stopped, and a restart of it is refused', async () => {
    const world = await running([{}]);
    await world.hosts[0]?.driver.stop('vm');
    expect(statesOf(await world.watch('vm', 30_000))).toEqual(['Started', 'Stopped']);
    const outcome = await world.ask({ type: 'RestartVM', vmId: 'vm' });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'VM_NOT_RUNNING', phase: 'stopped' } });
  });
});
