import { VirtualClock } from '#events/testing';
import { ProjectionGate } from '../projections/projection-gate.js';
import { SCRIPT_KEPT_MS, sweepScripts } from './script-sweep.js';

function world(lastSequence: number) {
  const clock = new VirtualClock(10 * SCRIPT_KEPT_MS);
  const gate = new ProjectionGate(clock);
  const swept: { keep: ReadonlySet<string>; olderThan: number }[] = [];
  const store = {
    sweepScripts: async (keep: ReadonlySet<string>, olderThan: number) => swept.push({ keep, olderThan }),
    sweepUploads: async () => undefined,
  };
  const references = { digests: async () => new Set(['sha256:a']) };
  const log = { lastSequence: async () => lastSequence };
  return { clock, gate, swept, run: () => sweepScripts(store, references, log, gate, clock) };
}

describe('the sweep of scripts', () => {
  test('keeps what VMs name and what is young', async () => {
    const { gate, swept, run } = world(7);
    gate.advance(7);
    await run();
    expect(swept).toEqual([{ keep: new Set(['sha256:a']), olderThan: 9 * SCRIPT_KEPT_MS }]);
  });

  test('deletes nothing on the word of a projection that has not seen the whole log', async () => {
    const { clock, gate, swept, run } = world(7);
    gate.advance(6);
    const said = expect(run()).rejects.toMatchObject({ dependency: 'postgres' });
    await clock.advanceBy(120_000);
    await said;
    expect(swept).toEqual([]);
  });
});
