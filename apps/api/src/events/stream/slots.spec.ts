import { Slots } from './slots.js';

describe('slots', () => {
  it('let so many work at once, in the order in which they came, also after a failure', async () => {
    const slots = new Slots(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = (n: number) =>
      slots.use(async () => {
        begun.push(n);
        await new Promise<void>((resolve) => (ends[n] = resolve));
        if (n === 0) throw new Error('zero');
        return n;
      });
    const done = [0, 1, 2, 3].map(work);
    done[0]?.catch(() => undefined);
    expect(begun).toEqual([0, 1]);
    ends[0]?.();
    await expect(done[0]).rejects.toThrow('zero');
    expect(begun).toEqual([0, 1, 2]);
    ends[1]?.();
    ends[2]?.();
    expect(await done[2]).toBe(2);
    ends[3]?.();
    expect(await Promise.all(done.slice(1))).toEqual([1, 2, 3]);
    expect(await slots.use(async () => 'free')).toBe('free');
  });
});
