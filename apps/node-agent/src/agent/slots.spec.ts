import { describe, expect, it } from '@jest/globals';
import { Slots } from './slots.js';

const never = new AbortController().signal;

describe('slots', () => {
  it('are given in the order of asking, and never more than there are', async () => {
    const slots = new Slots(2);
    const entered: string[] = [];
    const leave = new Map<string, () => void>();
    for (const name of ['a', 'b', 'c', 'd']) {
      void slots.take(never).then((free) => {
        entered.push(name);
        leave.set(name, free);
      });
    }
    await Promise.resolve();
    await Promise.resolve();
    expect([entered, slots.waiting]).toEqual([['a', 'b'], 2]);
    leave.get('b')?.();
    leave.get('b')?.();
    await Promise.resolve();
    await Promise.resolve();
    expect([entered, slots.waiting]).toEqual([['a', 'b', 'c'], 1]);
  });

  it('are not taken by one who gave up waiting', async () => {
    const slots = new Slots(1);
    const free = await slots.take(never);
    const impatient = new AbortController();
    const waiting = slots.take(impatient.signal);
    impatient.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    free();
    await expect(slots.take(impatient.signal)).rejects.toThrow('enough');
    await expect(slots.take(never)).resolves.toBeDefined();
  });
});
