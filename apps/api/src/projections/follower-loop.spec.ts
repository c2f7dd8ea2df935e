import { Unavailable } from '#events';
import { VirtualClock } from '#events/testing';
import { MemoryFollowerSeat } from './memory-follower-seat.js';
import { MISMATCH_PAUSE_MS, FollowerLoop, type FollowerState } from './follower-loop.js';
import { Overtaken } from './follower-ends.js';
import { ProjectionMismatch } from './projector.js';

/** A projector whose runs end as told; the last one runs until it is stopped. */
function loopWith(ends: (Error | undefined)[], seat = new MemoryFollowerSeat()) {
  const clock = new VirtualClock();
  const states: FollowerState[] = [];
  const runs: number[] = [];
  const run = async (signal: AbortSignal) => {
    runs.push(clock.now());
    const end = ends.shift();
    if (end !== undefined) throw end;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  };
  const loop = new FollowerLoop({ run }, seat, clock, (state) => states.push(state));
  const stop = new AbortController();
  return { clock, states, runs, loop, stop, running: loop.run(stop.signal) };
}

describe('the projection loop', () => {
  test('goes on at once when it was overtaken, and after growing pauses when something is away', async () => {
    const away = () => new Unavailable('postgres', 'Cannot reach Postgres');
    const { clock, states, runs, stop, running } = loopWith([new Overtaken('projection', 3), away(), away(), away()]);
    await clock.advanceBy(10_000);
    expect(runs).toEqual([0, 0, 100, 300, 700]);
    expect(states.map(({ name }) => name)).toEqual([
      'projecting',
      ...['retrying', 'projecting', 'retrying', 'projecting', 'retrying', 'projecting'],
    ]);
    stop.abort();
    await running;
  });

  test('stands still when the projection does not fit the log, and says why, until it is looked at again', async () => {
    const { clock, states, runs, stop, running } = loopWith([new ProjectionMismatch('The log has lost events')]);
    await clock.advanceBy(MISMATCH_PAUSE_MS - 1);
    expect(runs).toHaveLength(1);
    expect(states.at(-1)).toMatchObject({ name: 'stopped', message: expect.stringContaining('npm run rebuild') });
    await clock.advanceBy(1);
    expect(states.at(-1)).toEqual({ name: 'projecting' });
    stop.abort();
    await running;
  });

  test('follows while another replica has the seat, and takes it when it is left', async () => {
    const seat = new MemoryFollowerSeat();
    const first = await seat.take();
    const { clock, loop, stop, running } = loopWith([], seat);
    await clock.advanceBy(3_000);
    expect(loop.state).toEqual({ name: 'following' });
    await first?.leave();
    await clock.advanceBy(1_000);
    expect(loop.state).toEqual({ name: 'projecting' });
    stop.abort();
    await running;
    expect(await seat.take()).toBeDefined();
  });
});
