import { VirtualClock } from '#events/testing';
import { HealthWatch, LOOK_EVERY_MS, LOOK_LIMIT_MS, type Part, type Probe } from './health-watch.js';

function watching(probes: Partial<Record<Part, Probe>>) {
  const clock = new VirtualClock();
  const well: Probe = async () => undefined;
  const changes: [Part, string | undefined][] = [];
  const all = { nats: well, postgres: well, 'control-plane': well, projection: well, archive: well, ...probes };
  const watch = new HealthWatch(all, clock, (part, wrong) => changes.push([part, wrong]));
  const stop = new AbortController();
  return { clock, watch, changes, stop, run: () => watch.run(stop.signal) };
}

describe('the health watch', () => {
  test('counts a part as away until it was looked at and found well', async () => {
    const { clock, watch, stop, run } = watching({});
    expect(Object.keys(watch.away())).toHaveLength(5);
    const running = run();
    await clock.advanceBy(0);
    expect(watch.away()).toEqual({});
    stop.abort();
    await running;
  });

  test('names what is away and why: what fails, what does not answer, what says so', async () => {
    let isBack = false;
    const { clock, watch, changes, stop, run } = watching({
      nats: () => Promise.reject(new Error('connection refused')),
      postgres: () => (isBack ? Promise.resolve(undefined) : new Promise(() => undefined)),
      projection: async () => 'is 9000 events behind the log',
    });
    const running = run();
    await clock.advanceBy(LOOK_LIMIT_MS);
    expect(watch.away()).toEqual({
      nats: 'connection refused',
      postgres: `does not answer within ${LOOK_LIMIT_MS} ms`,
      projection: 'is 9000 events behind the log',
    });
    isBack = true;
    await clock.advanceBy(LOOK_EVERY_MS);
    expect(watch.away()['postgres']).toBeUndefined();
    expect(changes.filter(([part]) => part === 'nats')).toHaveLength(1);
    expect(changes.at(-1)).toEqual(['postgres', undefined]);
    stop.abort();
    await running;
  });
});
