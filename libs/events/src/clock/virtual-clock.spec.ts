import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from './virtual-clock.js';

describe('the virtual clock', () => {
  it('stands still until it is moved', async () => {
    const clock = new VirtualClock(1000);
    await clock.advanceTo(1500);
    await clock.advanceBy(250);
    await clock.advanceTo(3);
    expect(clock.now()).toBe(1750);
  });

  it('fires alarms by time, and in the order of their setting at the same time', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    const delays = [30, 10, 20, 10, 0, 30, 10, 5, 20];
    delays.forEach((ms, index) => clock.after(ms, () => fired.push(`${clock.now()}:${index}`)));
    await clock.advanceTo(29);
    expect(fired).toEqual(['0:4', '5:7', '10:1', '10:3', '10:6', '20:2', '20:8']);
    await clock.advanceTo(30);
    expect(fired.slice(7)).toEqual(['30:0', '30:5']);
    expect(clock.nextAt).toBeUndefined();
  });

  it('keeps that order among very many alarms', async () => {
    const clock = new VirtualClock();
    const fired: number[][] = [];
    for (let index = 0; index < 2000; index++) {
      const ms = (index * 7919) % 101;
      clock.after(ms, () => fired.push([ms, index]));
    }
    await clock.advanceTo(101);
    expect(fired).toEqual([...fired].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d));
    expect(fired).toHaveLength(2000);
  });

  it('does not fire what was cancelled', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    const alarm = clock.after(5, () => fired.push('cancelled'));
    clock.after(5, () => fired.push('kept'));
    alarm.cancel();
    await clock.advanceBy(10);
    expect(fired).toEqual(['kept']);
  });

  it('lets everything that waits for an alarm go on before the next one fires', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const sleeper = async (name: string): Promise<void> => {
      for (let step = 0; step < 3; step++) {
        await clock.sleep(10);
        await Promise.resolve();
        seen.push(`${name}@${clock.now()}`);
      }
    };
    const done = Promise.all([sleeper('a'), sleeper('b')]);
    await clock.advanceTo(30);
    await done;
    expect(seen).toEqual(['a@10', 'b@10', 'a@20', 'b@20', 'a@30', 'b@30']);
  });

  it('moves to the next alarm and fires it alone', async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    clock.after(7, () => fired.push(1));
    clock.after(7, () => fired.push(2));
    expect(await clock.next()).toBe(true);
    expect([clock.now(), fired]).toEqual([7, [1]]);
    expect(await clock.next()).toBe(true);
    expect(await clock.next()).toBe(false);
    expect([clock.now(), fired]).toEqual([7, [1, 2]]);
  });

  it('ends a sleep that is aborted, with the reason', async () => {
    const clock = new VirtualClock();
    const aborter = new AbortController();
    const sleeping = expect(clock.sleep(1000, aborter.signal)).rejects.toThrow('enough');
    aborter.abort(new Error('enough'));
    await sleeping;
    await expect(clock.sleep(1, aborter.signal)).rejects.toThrow('enough');
    expect(clock.nextAt).toBeUndefined();
  });
});
