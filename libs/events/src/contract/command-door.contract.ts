import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Outcome } from '#domain';
import { Unavailable } from '../fault.js';
import { collect, sampleCommand, until } from './samples.contract.js';
import type { MakeWorld, Ports, World } from './world.contract.js';

/** What every form of {@link CommandDoor} does. */
export function describeCommandDoor(form: string, makeWorld: MakeWorld): void {
  describe(`the command door ${form}`, () => {
    let world: World;
    let client: Ports;
    let decider: Ports;
    beforeEach(async () => {
      world = await makeWorld();
      client = await world.connect('client');
      decider = await world.connect('decider');
    });
    afterEach(() => world.end());

    /** Answers every command once it is decided, a repeated one with its first outcome. Returns how often it decided. */
    const decide = (outcomeOf: (id: string, sequence: number) => Outcome): { count: number } => {
      const first = new Map<string, Outcome>();
      const run = async (): Promise<void> => {
        for await (const { content, sequence, replyTo } of decider.queue.follow(1)) {
          if (!content.ok) continue;
          const { id } = content.envelope;
          const outcome = first.get(id) ?? outcomeOf(id, sequence);
          first.set(id, outcome);
          decided.count = first.size;
          if (replyTo !== undefined) decider.queue.reply(replyTo, outcome);
        }
      };
      const decided = { count: 0 };
      run().catch(() => undefined);
      return decided;
    };

    it('hears that a command was accepted', async () => {
      decide(() => ({ kind: 'accepted', sequence: 42 }));
      expect(await client.door.send(sampleCommand('c-1'))).toEqual({ kind: 'accepted', sequence: 42 });
    });

    it('hears the reason of a refusal', async () => {
      const refused: Outcome = { kind: 'refused', refusal: { code: 'VM_UNKNOWN', vmId: 'vm-1' } };
      decide(() => refused);
      expect(await client.door.send(sampleCommand('c-1'))).toEqual(refused);
    });

    it('gives each of many callers its own outcome', async () => {
      const other = await world.connect('other');
      decide((id) => ({ kind: 'accepted', sequence: Number(id.slice(2)) }));
      const calls = Array.from({ length: 400 }, (_, index) =>
        (index % 2 ? client : other).door.send(sampleCommand(`c-${index}`)),
      );
      const outcomes = await Promise.all(calls);
      expect(outcomes).toEqual(calls.map((_, index) => ({ kind: 'accepted', sequence: index })));
    });

    it('finds the first outcome when the same command is sent again', async () => {
      const decided = decide((_, sequence) => ({ kind: 'accepted', sequence }));
      const first = await client.door.send(sampleCommand('c-1'));
      expect(await client.door.send(sampleCommand('c-1'))).toEqual(first);
      const other = await world.connect('other');
      expect(await other.door.send(sampleCommand('c-1'))).toEqual(first);
      expect(decided.count).toBe(1);
    });

    it('answers two callers who send the same command at the same time', async () => {
      decide((_, sequence) => ({ kind: 'accepted', sequence }));
      const [one, two] = await Promise.all([
        client.door.send(sampleCommand('c-1')),
        client.door.send(sampleCommand('c-1')),
      ]);
      expect(one).toEqual(two);
    });

    it('says that the control plane is away when nobody decides, and that the command is queued', async () => {
      const sent = client.door.send(sampleCommand('c-1')).catch((error: unknown) => error);
      expect(await sent).toBeInstanceOf(Unavailable);
      expect(await sent).toMatchObject({ dependency: 'control-plane' });
      expect(await decider.queue.lastSequence()).toBe(1);
      decide((_, sequence) => ({ kind: 'accepted', sequence }));
      expect(await client.door.send(sampleCommand('c-1'))).toEqual({ kind: 'accepted', sequence: 1 });
    });

    it('lets a late outcome pass by', async () => {
      await expect(client.door.send(sampleCommand('c-1'))).rejects.toBeInstanceOf(Unavailable);
      const { items } = collect(decider.queue.follow(1));
      await until(world, () => items.length === 1);
      decider.queue.reply(items[0]?.replyTo ?? '', { kind: 'accepted', sequence: 1 });
      decide(() => ({ kind: 'accepted', sequence: 2 }));
      expect(await client.door.send(sampleCommand('c-2'))).toEqual({ kind: 'accepted', sequence: 2 });
    });

    it('rejects what waits when its connection is closed for good', async () => {
      const sent = client.door.send(sampleCommand('c-1')).catch((error: unknown) => error);
      await world.pass(50);
      await client.close();
      expect(await sent).toBeInstanceOf(Unavailable);
    });
  });
}
