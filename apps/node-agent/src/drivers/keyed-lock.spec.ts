import { KeyedLock } from './keyed-lock.js';

describe('a keyed lock', () => {
  it('runs tasks of one key one after the other, also after a failure', async () => {
    const lock = new KeyedLock();
    const seen: string[] = [];
    const task =
      (name: string, fails = false) =>
      async (): Promise<void> => {
        seen.push(`${name} begins`);
        await Promise.resolve();
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
      };
    const first = lock.run('a', task('one', true));
    const second = lock.run('a', task('two'));
    await expect(first).rejects.toThrow('one');
    await second;
    expect(seen).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });

  it('does not let one key wait for another, and forgets keys', async () => {
    const lock = new KeyedLock();
    let release = (): void => undefined;
    const held = lock.run('a', () => new Promise<void>((resolve) => (release = resolve)));
    await lock.run('b', async () => undefined);
    expect([lock.isHeld('a'), lock.isHeld('b')]).toEqual([true, false]);
    release();
    await held;
    expect(lock.isHeld('a')).toBe(false);
  });
});
