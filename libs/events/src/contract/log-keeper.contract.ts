import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogCut } from '../fault.js';
import type { LoggedEvent } from '../ports/event-log.js';
import type { Remnant } from '../ports/log-keeper.js';
import { RemnantDigest } from '../wire/log-remnant-text.js';
import { collect, sampleCommand, sampleEvents, take, until } from './samples.contract.js';
import type { MakeWorld, Ports, World } from './world.contract.js';

const EVENTS = 400;
/** More than are on their way to a reader. */
const MANY = 10_000;

/** What every form of {@link LogKeeper} does, and the log with it when its beginning was cut off. */
export function describeLogKeeper(form: string, makeWorld: MakeWorld): void {
  describe(`the keeper of the log ${form}`, () => {
    let world: World;
    let writer: Ports;
    let reader: Ports;
    beforeEach(async () => {
      world = await makeWorld();
      writer = await world.connect('writer');
      reader = await world.connect('reader');
    });
    afterEach(() => world.end());

    const fill = () => writer.log.appender(0).append(sampleEvents(1, EVENTS));
    const sequences = (events: readonly LoggedEvent[]) => events.map(({ sequence }) => sequence);

    /** Stores every tenth event up to there under this name. */
    async function draft(name: string, through: number): Promise<Remnant> {
      const kept = (await take(reader.log.follow(1), through)).filter(({ sequence }) => sequence % 10 === 0);
      const digest = new RemnantDigest();
      kept.forEach((event) => digest.add(event));
      await writer.keeper.addToDraft(name, kept);
      const { events } = digest;
      return { name, incarnation: await writer.log.incarnation(), through, events, digest: digest.hex() };
    }

    async function cut(upTo: number): Promise<number> {
      const first = await writer.keeper.cutEvents(upTo);
      return (await writer.keeper.cutEvents(upTo)) === first ? first : cut(upTo);
    }

    it('finds no remnant at first, and then the one that was put there, by exactly one of two', async () => {
      await fill();
      expect(await reader.keeper.remnant()).toBeUndefined();
      const first = await draft('one', 100);
      const revision = await writer.keeper.replaceRemnant(first, 0);
      expect(await reader.keeper.remnant()).toEqual({ remnant: first, revision });
      expect(await reader.keeper.replaceRemnant({ ...first, name: 'two' }, 0)).toBeUndefined();
      const second = { ...first, name: 'two', through: 200 };
      const next = await reader.keeper.replaceRemnant(second, revision ?? 0);
      expect(await writer.keeper.remnant()).toEqual({ remnant: second, revision: next });
    });

    it('gives back what was stored for a remnant: places and texts, in order', async () => {
      await fill();
      const { digest, events } = await draft('a.b', 300);
      const again = new RemnantDigest();
      const stored = await take(reader.keeper.followDraft('a.b'), events);
      stored.forEach((event) => again.add(event));
      expect([events, again.hex()]).toEqual([30, digest]);
      const [tenth] = (await take(reader.log.follow(10), 1)) as [LoggedEvent];
      expect([stored[0]?.sequence, stored[0]?.raw, stored[0]?.recorded]).toEqual([10, tenth.raw, tenth.recorded]);
    });

    it('drops what no remnant is made of any more', async () => {
      await fill();
      const kept = await draft('kept', 50);
      await draft('dropped', 50);
      await writer.keeper.dropDrafts(['kept']);
      expect(sequences(await take(reader.keeper.followDraft('kept'), kept.events))).toEqual([10, 20, 30, 40, 50]);
      await writer.keeper.addToDraft('dropped', await take(reader.log.follow(7), 1));
      expect(sequences(await take(reader.keeper.followDraft('dropped'), 1))).toEqual([7]);
    });

    it('cuts the log step by step, never further than it was told, and the writer goes on', async () => {
      const appender = writer.log.appender(0);
      await appender.append(sampleEvents(1, EVENTS));
      expect(await cut(250)).toBe(251);
      expect(await cut(250)).toBe(251);
      expect(await writer.keeper.extentOf('EVENTS')).toEqual({ first: 251, last: EVENTS });
      await appender.append(sampleEvents(EVENTS + 1, 50));
      await writer.keeper.settle();
      expect(await reader.keeper.extentOf('EVENTS')).toEqual({ first: 251, last: EVENTS + 50 });
      expect(await reader.log.lastSequence()).toBe(EVENTS + 50);
      expect(sequences(await take(reader.log.follow(251), 2))).toEqual([251, 252]);
    });

    it('never cuts off the last event, whatever it is told', async () => {
      await fill();
      expect(await cut(EVENTS + 100)).toBeLessThanOrEqual(EVENTS);
      expect(await writer.log.lastSequence()).toBe(EVENTS);
    });

    it('lets whoever reads from the beginning have the remnant, then the rest, then what comes', async () => {
      await fill();
      await writer.keeper.replaceRemnant(await draft('remnant', 300), 0);
      expect(sequences(await take(reader.log.follow(1), 3))).toEqual([1, 2, 3]);
      await cut(200);
      const whole = collect(reader.log.follow(1));
      const remnant = Array.from({ length: 30 }, (_, n) => 10 * (n + 1));
      const rest = Array.from({ length: EVENTS - 300 }, (_, n) => 301 + n);
      await until(world, () => whole.items.length >= 30 + rest.length);
      expect(sequences(whole.items)).toEqual([...remnant, ...rest]);
      await writer.log.appender(EVENTS).append(sampleEvents(EVENTS + 1, 1));
      await until(world, () => whole.items.at(-1)?.sequence === EVENTS + 1);
    });

    it('does not let anybody go on from a place that is gone, or begin without a remnant', async () => {
      await fill();
      await cut(200);
      await expect(take(reader.log.follow(1), 1)).rejects.toBeInstanceOf(LogCut);
      await expect(take(reader.log.follow(150), 1)).rejects.toBeInstanceOf(LogCut);
      await writer.keeper.replaceRemnant(await shortRemnant(), 0);
      await expect(take(reader.log.follow(1), 1)).rejects.toBeInstanceOf(LogCut);
    });

    it('does not take what is left of another log for the beginning of this one', async () => {
      await fill();
      await writer.keeper.replaceRemnant({ ...(await draft('of another', 300)), incarnation: 'another' }, 0);
      await cut(200);
      await expect(take(reader.log.follow(1), 1)).rejects.toBeInstanceOf(LogCut);
    });

    it('lets nobody wait for a remnant that was dropped while he read it: he begins anew', async () => {
      await writer.log.appender(0).append(sampleEvents(1, MANY));
      const incarnation = await writer.log.incarnation();
      const [through, events] = [MANY - 10, MANY - 10];
      await writer.keeper.addToDraft('old', await take(reader.log.follow(1), events));
      const old = { name: 'old', incarnation, through, events, digest: '' };
      const revision = (await writer.keeper.replaceRemnant(old, 0)) ?? 0;
      await cut(through - 100);
      const read: number[] = [];
      const replace = async (): Promise<void> => {
        await writer.keeper.replaceRemnant({ ...old, name: 'new', events: 0 }, revision);
        await writer.keeper.dropDrafts(['new']);
      };
      const reading = async (): Promise<'whole' | 'cut'> => {
        for await (const { sequence } of reader.log.follow(1)) {
          if (read.push(sequence) === 1) await replace();
          if (sequence === MANY) return 'whole';
        }
        throw new Error('It ended');
      };
      let end: string | undefined;
      void reading().then(
        (how) => (end = how),
        (cause: unknown) => (end = cause instanceof LogCut ? 'cut' : String(cause)),
      );
      await until(world, () => end !== undefined);
      expect(read).toEqual(read.map((_, n) => n + 1));
      expect([end, read.length === MANY]).toEqual(end === 'whole' ? ['whole', true] : ['cut', false]);
      expect(sequences(await take(reader.log.follow(1), 1))).toEqual([through + 1]);
    });

    it('tells whoever is overtaken by a cut, instead of passing over what he has not read', async () => {
      await writer.log.appender(0).append(sampleEvents(1, MANY));
      const read: number[] = [];
      const reading = async (): Promise<void> => {
        for await (const { sequence } of reader.log.follow(1)) {
          read.push(sequence);
          if (sequence === 1) await cut(MANY - 10);
          if (sequence === MANY) return;
        }
      };
      await expect(reading()).rejects.toBeInstanceOf(LogCut);
      expect(read).toEqual(read.map((_, n) => n + 1));
    });

    const shortRemnant = async (): Promise<Remnant> => ({
      ...{ name: 'short', through: 100, events: 0, digest: '' },
      incarnation: await writer.log.incarnation(),
    });

    it('knows what was stored before a time', async () => {
      const appender = writer.log.appender(0);
      await appender.append(sampleEvents(1, 20));
      await writer.queue.publish(sampleCommand('c-1'));
      await world.pass(30);
      const between = await timeOfNextCommand();
      await world.pass(30);
      await appender.append(sampleEvents(21, 20));
      expect(await reader.keeper.lastBefore('EVENTS', between)).toBe(20);
      expect(await reader.keeper.lastBefore('COMMANDS', between)).toBe(1);
      expect(await reader.keeper.lastBefore('EVENTS', 0)).toBe(0);
      expect(await reader.keeper.lastBefore('EVENTS', between + 1e9)).toBe(40);
      await cut(10);
      expect(await reader.keeper.lastBefore('EVENTS', 0)).toBe(10);
    });

    async function timeOfNextCommand(): Promise<number> {
      const { sequence } = await writer.queue.publish(sampleCommand('c-2'));
      const [command] = await take(reader.queue.follow(sequence), 1);
      return command?.time ?? NaN;
    }

    it('cuts commands, and whoever wants those hears of it', async () => {
      for (let n = 1; n <= 10; n++) await writer.queue.publish(sampleCommand(`c-${n}`));
      await writer.keeper.cutCommands(6);
      expect(await reader.keeper.extentOf('COMMANDS')).toEqual({ first: 7, last: 10 });
      expect((await take(reader.queue.follow(7), 4)).map(({ sequence }) => sequence)).toEqual([7, 8, 9, 10]);
      await expect(take(reader.queue.follow(6), 1)).rejects.toBeInstanceOf(LogCut);
      expect(await writer.queue.publish(sampleCommand('c-11'))).toMatchObject({ sequence: 11 });
    });
  });
}
