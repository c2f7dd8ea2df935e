import { settled, VirtualClock } from '#events/testing';
import { AWAY_PAUSE_MS, Courier, pauseAfter } from './courier.js';

function courierTo(fails: (attempt: number) => boolean, quickRetries = 5) {
  const clock = new VirtualClock();
  const attempts: { at: number; text: string }[] = [];
  const news: string[] = [];
  const sink = {
    send: async (text: string) => {
      attempts.push({ at: clock.now(), text });
      if (fails(attempts.length)) throw new Error('sink answers 503');
    },
  };
  const begin = clock.now();
  const courier = new Courier(
    sink,
    clock,
    { quickRetries },
    {
      failed: (reason, failures, pauseMs) => news.push(`${reason}: ${failures}, ${pauseMs}`),
      recovered: (failures) => news.push(`recovered after ${failures}`),
    },
  );
  return {
    clock,
    courier,
    news,
    at: () => attempts.map(({ at }) => at - begin),
    texts: () => attempts.map(({ text }) => text),
  };
}

describe('the pause after failures', () => {
  it('doubles, is never longer than 5 s at first, and then half a minute', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((failures) => pauseAfter(failures, { quickRetries: 7 }));
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, AWAY_PAUSE_MS, AWAY_PAUSE_MS]);
    expect(pauseAfter(1, { quickRetries: 0 })).toBe(AWAY_PAUSE_MS);
  });
});

describe('a courier', () => {
  const never = new AbortController().signal;

  it('brings a record at once', async () => {
    const { courier, news, texts } = courierTo(() => false);
    expect(await courier.bring('a', never)).toBe(true);
    expect([texts(), news]).toEqual([['a'], []]);
  });

  it('tries again until it is taken, more and more slowly, and says so', async () => {
    const { clock, courier, news, at } = courierTo((attempt) => attempt <= 3);
    const brought = courier.bring('a', never);
    await clock.advanceBy(60_000);
    expect(await brought).toBe(true);
    expect(at()).toEqual([0, 250, 750, 1750]);
    expect(news).toEqual([
      'sink answers 503: 1, 250',
      'sink answers 503: 2, 500',
      'sink answers 503: 3, 1000',
      'recovered after 3',
    ]);
  });

  it('asks a sink that is away twice a minute, for hours, and loses nothing', async () => {
    const { clock, courier, at } = courierTo((attempt) => attempt < 300, 2);
    const brought = courier.bring('a', never);
    await clock.advanceBy(3 * 3_600_000);
    expect(await brought).toBe(true);
    expect(at().slice(0, 4)).toEqual([0, 250, 750, 750 + AWAY_PAUSE_MS]);
    expect(at()).toHaveLength(300);
  });

  it('makes all who send wait together', async () => {
    const { clock, courier, news, at } = courierTo((attempt) => attempt <= 4);
    const all = Promise.all(['a', 'b', 'c', 'd'].map((text) => courier.bring(text, never)));
    await clock.advanceBy(60_000);
    expect(await all).toEqual([true, true, true, true]);
    expect(at()).toEqual([0, 0, 0, 0, 250, 250, 250, 250]);
    expect(news).toEqual(['sink answers 503: 1, 250', 'recovered after 1']);
  });

  it('stops at a signal, also in the middle of a pause', async () => {
    const stop = new AbortController();
    const { courier, at } = courierTo(() => true);
    const brought = courier.bring('a', stop.signal);
    await settled();
    stop.abort();
    expect(await brought).toBe(false);
    expect(at()).toEqual([0]);
  });
});
