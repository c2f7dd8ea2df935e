import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Deposed, Unavailable } from '../fault.js';
import { collect, sampleEvent, sampleEvents, take, until } from './samples.contract.js';
import type { MakeWorld, Ports, World } from './world.contract.js';

/** What every form of {@link EventLog} does. */
export function describeEventLog(form: string, makeWorld: MakeWorld): void {
  describe(`the event log ${form}`, () => {
    let world: World;
    let writer: Ports;
    let reader: Ports;
    beforeEach(async () => {
      world = await makeWorld();
      writer = await world.connect('writer');
      reader = await world.connect('reader');
    });
    afterEach(() => world.end());

    it('is empty at first', async () => {
      expect(await writer.log.lastSequence()).toBe(0);
    });

    it('gives back the events as they were appended, at their sequences', async () => {
      await writer.log.appender(0).append(sampleEvents(1, 3));
      const read = await take(reader.log.follow(1), 3);
      expect(read.map(({ recorded }) => recorded)).toEqual(sampleEvents(1, 3));
      expect(read.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
      expect(JSON.parse(read[2]?.raw ?? '')).toMatchObject({ specversion: '1.0', id: 'c-3:0', sequence: 3 });
      expect(await reader.log.lastSequence()).toBe(3);
    });

    it('is followed from any place, first what is there and then what comes', async () => {
      const appender = writer.log.appender(0);
      await appender.append(sampleEvents(1, 5));
      const { items, end } = collect(followed(reader, 4));
      await until(world, () => items.length === 2);
      await appender.append(sampleEvents(6, 5));
      await until(world, () => items.length === 7);
      expect(items.map(({ sequence }) => sequence)).toEqual([4, 5, 6, 7, 8, 9, 10]);
      feeds.forEach((feed) => feed.stop());
      expect(await end).toBeUndefined();
    });

    it('ends a feed that is stopped before anything came', async () => {
      const feed = reader.log.follow(1);
      const { items, end } = collect(feed);
      await world.pass(50);
      feed.stop();
      expect(await end).toBeUndefined();
      expect(items).toEqual([]);
    });

    it('breaks a feed whose connection is closed for good', async () => {
      await writer.log.appender(0).append([sampleEvent(1)]);
      const { items, end } = collect(reader.log.follow(1));
      await until(world, () => items.length === 1);
      await reader.close();
      expect(await end).toBeInstanceOf(Unavailable);
    });

    it('refuses to be followed from a place that it has not reached', async () => {
      await writer.log.appender(0).append(sampleEvents(1, 3));
      const { end } = collect(reader.log.follow(5));
      expect(await end).toMatchObject({ message: expect.stringMatching(/ends with 3 and must end with 4/) });
    });

    it('keeps the place of an event whose type is unknown', async () => {
      const text = JSON.stringify({ specversion: '1.0', id: 'x', type: 'muster.vm.VMTeleported', data: {} });
      await writer.publishRaw({ stream: 'EVENTS', subject: 'muster.evt.vm.a.VMTeleported', text });
      const [event] = await take(reader.log.follow(1), 1);
      expect(event).toMatchObject({ sequence: 1, recorded: undefined, raw: text });
    });

    it('keeps the order of overlapping appends, in batches larger than what may be in flight', async () => {
      const appender = writer.log.appender(0);
      const sizes = [1, 4500, 3, 700];
      let from = 1;
      const done = sizes.map((size) => {
        const appended = appender.append(sampleEvents(from, size));
        from += size;
        return appended;
      });
      await Promise.all(done);
      const read = await take(reader.log.follow(1), from - 1);
      expect(read.every(({ recorded }, index) => recorded?.id === `c-${index + 1}:0`)).toBe(true);
    });

    it('says when nothing is in flight any more', async () => {
      const appender = writer.log.appender(0);
      await appender.idle();
      let appended = false;
      void appender.append(sampleEvents(1, 100)).then(() => (appended = true));
      await appender.idle();
      await Promise.resolve();
      expect(appended).toBe(true);
    });

    it('does not take an event whose sequence is not the next, and goes on', async () => {
      const appender = writer.log.appender(0);
      await expect(appender.append([sampleEvent(2)])).rejects.toThrow(/carries sequence 2 and must carry 1/);
      await appender.append([sampleEvent(1)]);
      expect(await writer.log.lastSequence()).toBe(1);
    });

    it('deposes the slower of two writers: nothing of it is stored after the other has begun', async () => {
      const old = writer.log.appender(0);
      await old.append(sampleEvents(1, 10));
      await reader.log.appender(10).append(sampleEvents(11, 2, 'new'));
      const late = [old.append(sampleEvents(11, 300)), old.append([sampleEvent(311)])];
      const results = await Promise.allSettled(late);
      for (const result of results) expect(result).toMatchObject({ reason: expect.any(Deposed) });
      await expect(old.append([sampleEvent(312)])).rejects.toBeInstanceOf(Deposed);
      await old.idle();
      const ids = (await take(reader.log.follow(9), 4)).map(({ recorded }) => recorded?.id);
      expect(ids).toEqual(['c-9:0', 'c-10:0', 'new-11:0', 'new-12:0']);
      expect(await reader.log.lastSequence()).toBe(12);
    });

    it('gives the log to exactly one of two writers who race', async () => {
      const race = await Promise.allSettled([
        writer.log.appender(0).append(sampleEvents(1, 500, 'a')),
        reader.log.appender(0).append(sampleEvents(1, 500, 'b')),
      ]);
      expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(race).toContainEqual({ status: 'rejected', reason: expect.any(Deposed) });
      const writers = (await take(reader.log.follow(1), 500)).map(({ recorded }) => recorded?.id.slice(0, 1));
      expect(new Set(writers).size).toBe(1);
      expect(await reader.log.lastSequence()).toBe(500);
    });

    it('counts an append as done when the same writer has put the same event at its place already', async () => {
      await writer.log.appender(0).append(sampleEvents(1, 3));
      await writer.log.appender(2).append(sampleEvents(3, 2));
      expect(await reader.log.lastSequence()).toBe(4);
    });

    it('deposes a writer even when another has put the same events there', async () => {
      await writer.log.appender(0).append(sampleEvents(1, 3));
      await expect(reader.log.appender(0).append(sampleEvents(1, 10))).rejects.toBeInstanceOf(Deposed);
      expect(await reader.log.lastSequence()).toBe(3);
    });

    it('deposes a writer whose event is in the log at another place', async () => {
      await writer.log.appender(0).append(sampleEvents(1, 3));
      const repeated = { ...sampleEvent(4), id: 'c-2:0' };
      await expect(writer.log.appender(3).append([repeated])).rejects.toBeInstanceOf(Deposed);
    });

    it('calls an append uncertain, not deposed, when the log is shorter than the writer knows', async () => {
      await writer.log.appender(0).append(sampleEvents(1, 3));
      await expect(writer.log.appender(5).append([sampleEvent(6)])).rejects.toBeInstanceOf(Unavailable);
    });

    it('takes nothing after it was closed', async () => {
      const appender = writer.log.appender(0);
      await appender.append([sampleEvent(1)]);
      appender.close();
      await expect(appender.append([sampleEvent(2)])).rejects.toBeInstanceOf(Unavailable);
      expect(await writer.log.lastSequence()).toBe(1);
    });

    it('waits for a reader that is slower than the writer', async () => {
      const total = 12_000;
      await writer.log.appender(0).append(sampleEvents(1, total));
      let expected = 1;
      const feed = reader.log.follow(1);
      for await (const { sequence } of feed) {
        expect(sequence).toBe(expected++);
        if (sequence % 3000 === 1) await world.pass(40);
        if (sequence === total) feed.stop();
      }
      expect(expected).toBe(total + 1);
    });

    it('shows the same incarnation to everybody', async () => {
      const incarnation = await writer.log.incarnation();
      expect(incarnation).not.toBe('');
      await writer.log.appender(0).append([sampleEvent(1)]);
      expect(await reader.log.incarnation()).toBe(incarnation);
    });

    const feeds: ReturnType<Ports['log']['follow']>[] = [];
    const followed = (ports: Ports, from: number): ReturnType<Ports['log']['follow']> => {
      const feed = ports.log.follow(from);
      feeds.push(feed);
      return feed;
    };
  });
}
