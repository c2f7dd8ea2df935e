import { VirtualClock } from '#events/testing';
import { silentLog } from '../shell/log.js';
import { LOOK_FOR_OLD_DAYS_EVERY_MS, Retention } from './retention.js';

describe('the retention of the archive', () => {
  test('looks now and then, also after a failure, until it is stopped', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const looks: number[] = [];
    const drop = async (now: number) => {
      looks.push(now);
      if (looks.length === 1) throw new Error('the database is away');
      return 1;
    };
    const running = new Retention({ clock, log: silentLog, drop }).run(stop.signal);
    await clock.advanceBy(2 * LOOK_FOR_OLD_DAYS_EVERY_MS);
    expect(looks).toEqual([LOOK_FOR_OLD_DAYS_EVERY_MS, 2 * LOOK_FOR_OLD_DAYS_EVERY_MS]);
    stop.abort();
    await running;
  });
});
