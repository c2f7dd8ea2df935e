import { describe, expect, it } from '@jest/globals';
import { DeliveryBuffer } from './delivery-buffer.js';

describe('a delivery buffer', () => {
  it('gives items in order, with or without waiting', async () => {
    const buffer = new DeliveryBuffer<number>();
    const first = buffer.wait();
    buffer.push(1);
    buffer.push(2);
    buffer.push(3);
    expect(await first).toBe(1);
    expect([buffer.take(), buffer.length, await buffer.wait(), buffer.take(), buffer.length]).toEqual([
      2,
      1,
      3,
      undefined,
      0,
    ]);
  });

  it('drops what nobody will read', async () => {
    const buffer = new DeliveryBuffer<number>();
    buffer.push(1);
    buffer.end();
    buffer.push(2);
    expect(await buffer.wait()).toBeUndefined();
    expect(buffer.length).toBe(0);
  });

  it('gives what came before the failure, then fails, every time', async () => {
    const buffer = new DeliveryBuffer<number>();
    buffer.push(1);
    buffer.fail(new Error('gone'));
    expect(await buffer.wait()).toBe(1);
    await expect(buffer.wait()).rejects.toThrow('gone');
    await expect(buffer.wait()).rejects.toThrow('gone');
  });

  it('wakes a reader who waits, at the end and at a failure', async () => {
    const [ended, failed] = [new DeliveryBuffer<number>(), new DeliveryBuffer<number>()];
    const [one, two] = [ended.wait(), failed.wait()];
    ended.end();
    failed.fail(new Error('gone'));
    expect(await one).toBeUndefined();
    await expect(two).rejects.toThrow('gone');
  });
});
