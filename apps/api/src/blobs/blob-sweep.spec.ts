import { VirtualClock } from '#events/testing';
import { FollowerGate } from '../projections/follower-gate.js';
import { PROJECTION_VERSION } from '../projections/step.js';
import { BLOB_KEPT_MS, sweepBlobs } from './blob-sweep.js';

const whole = { sequence: 7, incarnation: 'log-1', version: PROJECTION_VERSION };

function world(position: typeof whole = whole) {
  const clock = new VirtualClock(10 * BLOB_KEPT_MS);
  const gate = new FollowerGate(clock);
  const swept: { keep: ReadonlySet<string>; olderThan: number }[] = [];
  const store = {
    sweepBlobs: async (keep: ReadonlySet<string>, olderThan: number) => swept.push({ keep, olderThan }),
    sweepUploads: async () => undefined,
  };
  const references = { read: async () => ({ digests: new Set(['sha256:a']), position }) };
  const log = { lastSequence: async () => 7, incarnation: async () => 'log-1' };
  return { clock, gate, swept, run: () => sweepBlobs(store, references, log, gate, clock) };
}

describe('the sweep of blobs', () => {
  test('keeps what is named and what is young', async () => {
    const { gate, swept, run } = world();
    gate.advance(7);
    await run();
    expect(swept).toEqual([{ keep: new Set(['sha256:a']), olderThan: 9 * BLOB_KEPT_MS }]);
  });

  test('deletes nothing on the word of a projection that has not seen the whole log', async () => {
    const { clock, gate, swept, run } = world();
    gate.advance(6);
    const said = expect(run()).rejects.toMatchObject({ dependency: 'postgres' });
    await clock.advanceBy(120_000);
    await said;
    expect(swept).toEqual([]);
  });

  test.each([
    ['were emptied', { ...whole, sequence: 0 }],
    ['were made from another log', { ...whole, incarnation: 'log-0' }],
    ['are of another version', { ...whole, version: PROJECTION_VERSION - 1 }],
  ])('deletes nothing when the tables %s after the projection had got there', async (_what, position) => {
    const { gate, swept, run } = world(position);
    gate.advance(7);
    await expect(run()).rejects.toMatchObject({ dependency: 'postgres' });
    expect(swept).toEqual([]);
  });
});
