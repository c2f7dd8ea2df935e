import type { RecordedEvent } from '#domain';
import { encodeEvent } from '#events';
import { play, ROLL_LENGTH, ROLL_LIMIT } from '../../../../libs/domain/src/testing/index.js';
import { randomFrom } from '../../../../test/support/fleet-history.js';
import { archived } from '../archive/archived-event.js';
import { MemoryArchive } from '../archive/memory-archive.js';
import { ArchiveInStep } from '../events/archive-in-step.js';
import { Problem } from '../shell/problem.js';
import { rowsAfterEach } from './testing/rows-after-each.contract.js';
import { VmPast } from './vm-past.js';

const POINTS = 1_000;
const HISTORIES = 4;
const STEPS = 400;

/** A history of every kind of trouble that a fleet can meet. */
function history(seed: number): readonly RecordedEvent[] {
  const random = randomFrom(seed);
  const roll = () => Array.from({ length: ROLL_LENGTH }, () => Math.floor(random() * ROLL_LIMIT));
  return play(Array.from({ length: STEPS }, roll)).events;
}

function pastOf(events: readonly RecordedEvent[]): VmPast {
  const archive = new MemoryArchive();
  for (const event of events)
    archive.events.push(archived({ sequence: event.sequence, raw: JSON.stringify(encodeEvent(event)) }));
  const gate = { reachedSequence: events.length, reached: async () => undefined };
  const log = { lastSequence: async () => events.length };
  const inStep = new ArchiveInStep(archive, { views: gate, archive: gate, told: () => 0 }, log);
  return new VmPast(inStep, { get: async () => undefined }, () => undefined);
}

const rowAt = (past: VmPast, vmId: string, moment: Parameters<VmPast['rowAt']>[1]) =>
  past.rowAt(vmId, moment).catch((error: Problem) => error.status);

describe('a VM at some moment', () => {
  it(`is what a fold of the whole log up to there makes of it, at ${POINTS} random points of plausible histories`, async () => {
    let [there, absent] = [0, 0];
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const events = history(seed);
      const rows = rowsAfterEach(events);
      const past = pastOf(events);
      const ids = [...new Set(rows.flatMap((folded) => [...folded.keys()]))];
      const random = randomFrom(seed);
      for (let n = 0; n < POINTS / HISTORIES; n++) {
        const sequence = Math.floor(random() * (events.length + 1));
        const vmId = ids[Math.floor(random() * ids.length)] ?? '';
        const row = rows[sequence]?.get(vmId);
        expect([vmId, sequence, await rowAt(past, vmId, { sequence })]).toEqual([vmId, sequence, row ?? 404]);
        if (row === undefined) absent++;
        else there++;
        // The same by time: all events of that very moment have happened.
        const time = events[sequence - 1]?.time ?? 0;
        const upTo = events.findLastIndex((event) => event.time <= time) + 1;
        expect(await rowAt(past, vmId, { time })).toEqual(rows[upTo]?.get(vmId) ?? 404);
      }
    }
    expect([there > 300, absent > 100]).toEqual([true, true]);
  });
});
