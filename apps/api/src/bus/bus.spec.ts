import { VirtualClock } from '#events/testing';
import { type Bus, LateBus } from './bus.js';

function busWith(log: Partial<Bus['log']>) {
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (close = resolve));
  const bus = { log, closed, close: async () => close() } as unknown as Bus;
  return { bus, close };
}

describe('the late bus', () => {
  test('is unavailable until NATS is there, and again after the connection was closed for good', async () => {
    const clock = new VirtualClock();
    const first = busWith({ lastSequence: async () => 7 });
    const second = busWith({ lastSequence: async () => 8 });
    const answers = [new Error('connection refused'), first.bus, new Error('still starting'), second.bus];
    const seen: Bus[] = [];
    const troubles: string[] = [];
    const late = new LateBus(async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer as Bus;
    }, clock);
    await expect(late.log.lastSequence()).rejects.toMatchObject({ dependency: 'nats' });
    const stop = new AbortController();
    const running = late.run(
      stop.signal,
      (bus) => seen.push(bus),
      (trouble) => troubles.push(trouble),
    );
    await clock.advanceBy(0);
    await expect(late.log.lastSequence()).rejects.toThrow('connection refused');
    expect(() => late.log.follow(1)).toThrow('connection refused');
    await clock.advanceBy(1000);
    expect(await late.log.lastSequence()).toBe(7);
    first.close();
    await clock.advanceBy(0);
    await expect(late.log.lastSequence()).rejects.toThrow('it was closed');
    await clock.advanceBy(2000);
    expect(await late.log.lastSequence()).toBe(8);
    expect(seen).toEqual([first.bus, second.bus]);
    expect(troubles).toEqual(['connection refused', 'still starting']);
    stop.abort();
    await running;
    await expect(late.log.lastSequence()).rejects.toMatchObject({ dependency: 'nats' });
  });
});
