import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DesiredNode } from '#domain';
import { Unavailable } from '../fault.js';
import { collect, sampleCommand, sampleDesired, sampleEvents, until } from './samples.contract.js';
import type { MakeWorld, Ports, World } from './world.contract.js';

/** What every form does while the server is away, and afterwards. */
export function describeOutage(form: string, makeWorld: MakeWorld): void {
  describe(`the death of the server, ${form}`, () => {
    let world: World;
    let one: Ports;
    let two: Ports;
    beforeEach(async () => {
      world = await makeWorld();
      one = await world.connect('one');
      two = await world.connect('two');
    });
    afterEach(() => world.end());

    it('loses no append that was acknowledged, breaks the appender, and lets the feed go on without gap or repetition', async () => {
      const { items } = collect(two.log.follow(1));
      const appender = one.log.appender(0);
      let sent = 0;
      let acknowledged = 0;
      let failure: unknown;
      const write = async (): Promise<void> => {
        while (failure === undefined) {
          const events = sampleEvents(sent + 1, 50);
          sent += events.length;
          const appended = appender.append(events).then(
            () => (acknowledged += events.length),
            (error: unknown) => (failure ??= error),
          );
          await (sent % 2000 === 0 ? appended : world.pass(1));
        }
      };
      const writing = write();
      await until(world, () => acknowledged > 3000);
      await world.killServer();
      await world.pass(200);
      await world.restartServer();
      await writing;
      expect(failure).toBeInstanceOf(Unavailable);
      await expect(appender.append(sampleEvents(sent + 1, 1))).rejects.toBe(failure);

      const last = await settledLast(one);
      expect(last).toBeGreaterThanOrEqual(acknowledged);
      await one.log.appender(last).append(sampleEvents(last + 1, 100));
      await until(world, () => (items.at(-1)?.sequence ?? 0) === last + 100);
      expect(items.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: last + 100 }, (_, index) => index + 1),
      );
      expect(items.every(({ recorded, sequence }) => recorded?.id === `c-${sequence}:0`)).toBe(true);
    });

    it('lets a command that was sent into the outage be sent again, once it is over', async () => {
      await one.queue.publish(sampleCommand('c-1'));
      await world.killServer();
      await expect(one.door.send(sampleCommand('c-2'))).rejects.toMatchObject({
        name: 'Unavailable',
        dependency: 'nats',
      });
      await world.restartServer();
      await until(world, () => true);
      expect((await retried(() => one.queue.publish(sampleCommand('c-1')))).sequence).toBe(1);
      const { items } = collect(two.queue.follow(1));
      await retried(() => one.queue.publish(sampleCommand('c-2')));
      await until(world, () => items.length >= 2);
      expect(items.map(({ content }) => content.ok && content.envelope.id)).toEqual(['c-1', 'c-2']);
    });

    it('answers a door whose server came back', async () => {
      await world.killServer();
      await world.restartServer();
      const run = async (): Promise<void> => {
        for await (const { replyTo, sequence } of two.queue.follow(1))
          if (replyTo !== undefined) two.queue.reply(replyTo, { kind: 'accepted', sequence });
      };
      run().catch(() => undefined);
      expect(await retried(() => one.door.send(sampleCommand('c-1')))).toMatchObject({ kind: 'accepted' });
    });

    it('keeps a watch of the desired state alive', async () => {
      const seen: DesiredNode[] = [];
      await two.desired.watch('mac.01', (desired) => seen.push(desired));
      await one.desired.put('mac.01', sampleDesired(1));
      await until(world, () => seen.length === 1);
      await world.killServer();
      await world.restartServer();
      await retried(() => one.desired.put('mac.01', sampleDesired(2)));
      await until(world, () => seen.some(({ asOf }) => asOf === 2));
      expect(seen.map(({ asOf }) => asOf)).toEqual([1, 2]);
    });

    it('makes a lease call throw rather than guess', async () => {
      expect(await one.lease.acquire('a')).toBe(true);
      await world.killServer();
      await expect(one.lease.renew('a')).rejects.toBeInstanceOf(Unavailable);
      await world.restartServer();
      expect(typeof (await retried(() => one.lease.acquire('a')))).toBe('boolean');
    });

    /** Appends that were under way may still arrive just after the server is back. */
    const settledLast = async (ports: Ports): Promise<number> => {
      let last = await retried(() => ports.log.lastSequence());
      for (let before = -1; before !== last; last = await ports.log.lastSequence()) {
        before = last;
        await world.pass(100);
      }
      return last;
    };

    const retried = async <T>(ask: () => Promise<T>): Promise<T> => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await ask();
        } catch (error) {
          if (!(error instanceof Unavailable) || attempt === 20) throw error;
          await world.pass(100);
        }
      }
    };
  });
}
