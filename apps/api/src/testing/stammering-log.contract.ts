import type { RecordedEvent } from '#domain';
import { encodeEvent, type Feed, type LoggedEvent } from '#events';
import { FleetHistory } from '../../../../test/support/fleet-history.js';

const INCARNATION = 'log-1';

/** The beginning of a fleet's log, the same for the same seed. */
export function historyOf(seed: number, ticks: number): LoggedEvent[] {
  const history = new FleetHistory({ seed, nodes: 3 });
  const recorded: RecordedEvent[] = [...history.found()];
  for (let tick = 0; tick < ticks; tick++) recorded.push(...history.tick());
  return recorded.map((event) => ({
    sequence: event.sequence,
    recorded: event,
    raw: JSON.stringify(encodeEvent(event)),
  }));
}

/** A log that repeats itself: after some events it begins again a few events earlier, and it ends after `untilSequence`. */
export function stammeringLog(events: readonly LoggedEvent[], untilSequence: number, repeatEvery: number) {
  async function* tell(from: number): AsyncGenerator<LoggedEvent> {
    for (let place = from - 1; place < Math.min(untilSequence, events.length); place++) {
      yield events[place] as LoggedEvent;
      if (repeatEvery > 0 && place % repeatEvery === 0)
        for (const again of events.slice(Math.max(from - 1, place - 5), place + 1)) yield again;
    }
  }
  return {
    follow: (from: number): Feed<LoggedEvent> => Object.assign(tell(from), { stop: () => undefined }),
    lastSequence: async () => events.length,
    incarnation: async () => INCARNATION,
  };
}
