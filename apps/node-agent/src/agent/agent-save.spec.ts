import type { Assignment, Report, SaveWish } from '#domain';
import { DriverError } from '../drivers/driver.js';
import { AgentWorld, wishFor } from '../testing/agent-world.js';

const SCRIPT = { digest: `sha256:${'5'.repeat(64)}`, sizeBytes: 1 };
const LAYER = { digest: `sha256:${'c'.repeat(64)}`, sizeBytes: 4 };
const RESULT = { returnCode: 0, didTimeout: false, stdout: 'ok', stderr: '' };
const SAVE: SaveWish = { requestId: 'r1', script: SCRIPT, scriptTimeoutMs: 5000, cancelOnScriptFailure: true };
const running = (rest: Partial<Assignment> = {}): Assignment => wishFor('vm-1', 10, { started: true, ...rest });
/** Long enough for all of it, and for anything that would come too much. */
const LONG_MS = 120_000;

describe('saving a VM as an image', () => {
  let world: AgentWorld;

  beforeEach(async () => {
    world = new AgentWorld();
    await world.start();
    await world.wish(wishFor('vm-1', 10));
    await world.pass(1000);
    await world.wish(running());
    world.host.calls.length = 0;
  });
  afterEach(() => world.crash());

  const save = async (rest: Partial<SaveWish> = {}, forMs = LONG_MS): Promise<void> => {
    await world.wish(running({ save: { ...SAVE, ...rest } }));
    await world.pass(forMs);
  };
  const calls = (): string[] => world.host.calls.map((call) => call.split(' ')[0] ?? '');
  const news = (): Report[] => world.reports.filter(({ type }) => !/^(Register|ReportVM(Started|Pull))/.test(type));
  const status = (): string | undefined => world.host.vms.get('vm-1')?.status;
  const of = { nodeId: 'node-1', vmId: 'vm-1', epoch: 10, requestId: 'r1' };
  const saved = { type: 'ReportImageSaved', ...of, disk: LAYER };
  const failed = (error: string): object => ({ type: 'ReportImageSaveFailed', ...of, error });

  it('runs the script, powers the guest off, uploads its layer and says which it is, and nothing else', async () => {
    await save();
    expect(calls()).toEqual(['runScript', 'stop', 'commit']);
    expect([...world.layers.digests]).toEqual([LAYER.digest]);
    expect(news()).toEqual([{ ...saved, scriptResult: RESULT }]);
    await world.wish(running({ wish: 'absent' }));
    await world.pass(LONG_MS);
    expect(world.told.slice(-1)).toEqual(['Terminated vm-1']);
    expect(world.host.vms.size).toBe(0);
  });

  it('needs no script', async () => {
    const { script: _, ...plain } = SAVE;
    await world.wish(running({ save: plain }));
    await world.pass(LONG_MS);
    expect(calls()).toEqual(['stop', 'commit']);
    expect(news()).toEqual([saved]);
  });

  it.each([
    ['exit code', { returnCode: 3, didTimeout: false }],
    ['timeout', { returnCode: -1, didTimeout: true }],
  ])('ends with the script when that fails by its %s, and leaves the guest alone', async (_, how) => {
    world.host.script = { ...RESULT, ...how };
    await save();
    expect(calls()).toEqual(['runScript']);
    expect(status()).toBe('running');
    expect(news()).toEqual([{ ...failed('Script execution failed'), scriptResult: { ...RESULT, ...how } }]);
  });

  it('goes on after a script that failed, if that is wished', async () => {
    world.host.script = { ...RESULT, returnCode: 3 };
    await save({ cancelOnScriptFailure: false });
    expect(news()).toEqual([{ ...saved, scriptResult: { ...RESULT, returnCode: 3 } }]);
  });

  it.each(['stop', 'commit'])('has the guest run again when %s fails, and then says why', async (call) => {
    world.host.fail(call, new DriverError('NO_SPACE', 'the disk is full', true));
    await save();
    expect(status()).toBe('running');
    expect(news()).toEqual([{ ...failed('the disk is full'), scriptResult: RESULT }]);
    await world.wish(running());
    await world.pass(LONG_MS);
    expect([status(), news().length]).toEqual(['running', 1]);
  });

  it('has the guest run again when the layer cannot be uploaded', async () => {
    world.layers.failures.push(new DriverError('TOOL_FAILED', 'no route', true));
    await save();
    expect(calls().slice(-2)).toEqual(['start', 'waitReady']);
    expect(news()).toEqual([{ ...failed('no route'), scriptResult: RESULT }]);
  });

  it('says that it failed even if the guest does not come up again, and then that it is off', async () => {
    world.host.fail('commit', new Error('no'));
    world.host.fail('start', new Error('no memory'), 9);
    await save();
    expect(news()).toEqual([{ ...failed('no'), scriptResult: RESULT }]);
    await world.wish(running());
    await world.pass(LONG_MS);
    expect(news().map(({ type }) => type)).toEqual(['ReportImageSaveFailed', 'ReportVMStopped']);
    expect(calls().filter((call) => call === 'start')).toHaveLength(1);
  });

  it.each([50, 150, 250, 60_000])('is given up %d ms after it began when nobody wishes it any more', async (ms) => {
    await save({}, ms);
    await world.wish(running());
    await world.pass(LONG_MS);
    expect(status()).toBe('running');
    expect(news().filter(({ type }) => type !== 'ReportImageSaved')).toEqual([]);
    world.host.powerOff('vm-1');
    await world.pass(LONG_MS);
    expect(news().at(-1)?.type).toBe('ReportVMStopped');
  });

  it('gives way to the end of the VM', async () => {
    await save({}, 150);
    await world.wish(running({ wish: 'absent' }));
    await world.pass(LONG_MS);
    expect(world.host.vms.size).toBe(0);
    expect(world.told.slice(-1)).toEqual(['Terminated vm-1']);
  });

  it('may be asked for once more after it failed', async () => {
    world.host.fail('commit', new Error('no'));
    await save();
    await world.wish(running());
    await save({ requestId: 'r2' });
    expect(news().slice(-1)).toEqual([{ ...saved, requestId: 'r2', scriptResult: RESULT }]);
  });

  it('does not call a restart for nothing: the guest is saved first', async () => {
    world.host.fail('commit', new Error('no'));
    await world.wish(running({ restarts: 1, save: SAVE }));
    await world.pass(LONG_MS);
    expect(calls()).not.toContain('restart');
    await world.wish(running({ restarts: 1 }));
    await world.pass(LONG_MS);
    expect(calls()).toContain('restart');
  });

  // 100 ms each: script, layer. The layer's upload and the stop take no time here.
  it.each(Array.from({ length: 12 }, (_, index) => index * 25))(
    'survives a crash of the agent %d ms after it began',
    async (ms) => {
      await save({}, ms);
      world.crash();
      await world.pass(1000);
      await world.start();
      await world.pass(LONG_MS);
      expect(calls().filter((call) => call === 'runScript').length).toBeLessThanOrEqual(1);
      const [told, ...more] = news().filter(({ type }) => /Image/.test(type));
      expect(more.filter((one) => JSON.stringify(one) !== JSON.stringify(told))).toEqual([]);
      expect(news().map(({ type }) => type)).not.toContain('ReportVMStopped');
      if (told?.type === 'ReportImageSaveFailed') {
        expect(told.error).toBe('the node agent was restarted while the script ran');
        expect(status()).toBe('running');
      } else {
        expect(told).toMatchObject(saved);
        expect(status()).toBe('stopped');
      }
    },
  );
});
