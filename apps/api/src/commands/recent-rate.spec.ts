import { VirtualClock } from '#events/testing';
import { RecentRate } from './recent-rate.js';

test('A recent rate is over the last minute, and forgets what was before', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 2, 1));
  const rate = new RecentRate(clock);
  expect(rate.perSecond()).toBe(0);
  for (let second = 0; second < 30; second++) {
    for (let n = 0; n < 4; n++) rate.count();
    await clock.advanceBy(1000);
  }
  expect(rate.perSecond()).toBe(2);
  await clock.advanceBy(44_000);
  expect(rate.perSecond()).toBe(1);
  await clock.advanceBy(60_000);
  expect(rate.perSecond()).toBe(0);
});
