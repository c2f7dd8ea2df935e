import { describe, expect, it } from '@jest/globals';
import { collect, sampleCommand, sampleEvents, until } from '../contract/samples.contract.js';
import type { Ports } from '../contract/world.contract.js';
import { Unavailable } from '../fault.js';
import { VirtualClock } from '../clock/virtual-clock.js';
import { makeMemoryWorld } from './memory-world.contract.js';
import { MemoryCommandQueue, MemoryNats, type Leg } from './index.js';

/** A repeatable sequence of numbers in [0, 1). */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

describe('the network in memory', () => {
  it('may lose a request: nothing is stored, and the sender does not know', async () => {
    const clock = new VirtualClock();
    const nats = new MemoryNats(clock, { network: ({ kind }) => (kind === 'request' ? 'lost' : 0) });
    const published = new MemoryCommandQueue(nats.connect('a'))
      .publish(sampleCommand('c'))
      .catch((error: unknown) => error);
    await clock.advanceBy(60_000);
    expect(await published).toBeInstanceOf(Unavailable);
    expect(nats.commands.last).toBe(0);
  });

  it('may lose an answer: the command is stored, the sender does not know, and sending again finds it', async () => {
    const clock = new VirtualClock();
    let lossy = true;
    const nats = new MemoryNats(clock, { network: ({ kind }) => (lossy && kind === 'answer' ? 'lost' : 0) });
    const queue = new MemoryCommandQueue(nats.connect('a'));
    const published = queue.publish(sampleCommand('c')).catch((error: unknown) => error);
    await clock.advanceBy(60_000);
    expect(await published).toBeInstanceOf(Unavailable);
    lossy = false;
    expect(await queue.publish(sampleCommand('c'))).toEqual({ sequence: 1, duplicate: true });
  });

  it('forgets message ids when their time is over', async () => {
    const clock = new VirtualClock();
    const queue = new MemoryCommandQueue(new MemoryNats(clock).connect('a'));
    await queue.publish(sampleCommand('c'));
    await clock.advanceBy(119_999);
    expect(await queue.publish(sampleCommand('c'))).toMatchObject({ duplicate: true });
    await clock.advanceBy(1);
    expect(await queue.publish(sampleCommand('c'))).toEqual({ sequence: 2, duplicate: false });
  });

  it.each(Array.from({ length: 20 }, (_, seed) => [seed]))(
    'keeps the order of a link and of a feed under any delays and losses (seed %d)',
    async (seed) => {
      const roll = dice(seed);
      const world = await makeMemoryWorld(({ kind }: Leg) => {
        if (kind === 'delivery' && roll() < 0.2) return 'lost';
        return Math.floor(roll() * 50);
      });
      const [writer, reader]: Ports[] = [await world.connect('w'), await world.connect('r')];
      const { items } = collect(reader!.log.follow(1));
      const appender = writer!.log.appender(0);
      await Promise.all([1, 101, 201].map((from) => appender.append(sampleEvents(from, 100))));
      await until(world, () => items.length === 300);
      expect(items.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
      await world.end();
    },
  );

  it('passes nothing while a link is cut, and makes up for it when it is healed', async () => {
    const clock = new VirtualClock();
    const nats = new MemoryNats(clock);
    const [here, there] = [nats.connect('here'), nats.connect('there')];
    const { items } = collect(new MemoryCommandQueue(there).follow(1));
    const queue = new MemoryCommandQueue(here);
    await queue.publish(sampleCommand('c-1'));
    await clock.advanceBy(1);
    there.cut();
    await queue.publish(sampleCommand('c-2'));
    await clock.advanceBy(10_000);
    expect(items).toHaveLength(1);
    there.heal();
    await clock.advanceBy(1);
    expect(items.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });
});
