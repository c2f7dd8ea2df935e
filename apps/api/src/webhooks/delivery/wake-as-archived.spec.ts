import { VirtualClock } from '#events/testing';
import { FollowerGate } from '../../projections/follower-gate.js';
import { wakeAsArchived } from './wake-as-archived.js';

it('deliveries are looked for when the archive has grown, once for all that came meanwhile, until the end', async () => {
  const clock = new VirtualClock();
  const gate = new FollowerGate(clock, 'archive');
  const end = new AbortController();
  let woken = 0;
  const running = wakeAsArchived(gate, clock, () => (woken += 1), end.signal);
  await clock.advanceBy(1_000);
  expect(woken).toBe(0);
  gate.advance(5);
  await clock.advanceBy(1);
  expect(woken).toBe(1);
  gate.advance(6);
  gate.advance(7);
  await clock.advanceBy(100);
  expect(woken).toBe(2);
  await clock.advanceBy(300_000);
  expect(woken).toBe(2);
  end.abort();
  await running;
});
