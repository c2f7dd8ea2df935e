import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { vmId } from '#domain';
import { Unavailable } from '../fault.js';
import type { Explained } from '../ports/explain.js';
import type { MakeWorld, Ports, World } from './world.contract.js';

const explained = (id: string, asOf = 7): Explained => ({
  asOf,
  explanation: { vmId: vmId(id), phase: 'terminated', sentence: `Terminated: “${id}” is over`, attempts: [] },
});

/** How often a question is repeated while a connection is made again. */
const MOST_TRIES = 20;

/** What every form of {@link ExplainDoor} and {@link ExplainDesk} does. */
export function describeExplain(form: string, makeWorld: MakeWorld): void {
  describe(`questions to the control plane ${form}`, () => {
    let world: World;
    let asker: Ports;
    let leader: Ports;
    beforeEach(async () => {
      world = await makeWorld();
      asker = await world.connect('asker');
      leader = await world.connect('leader');
    });
    afterEach(() => world.end());

    const open = async (ports: Ports, answer: (id: string) => Promise<Explained | undefined>) => {
      const watch = ports.explainDesk.open(answer);
      await world.pass(20);
      return watch;
    };

    it('are answered', async () => {
      await open(leader, async (id) => explained(id));
      expect(await asker.explainDoor.explain('vm.1')).toEqual(explained('vm.1'));
    });

    it('hear that there is no such VM, and as of when', async () => {
      await open(leader, async () => ({ asOf: 9_007_199_254_740_991 }));
      expect(await asker.explainDoor.explain('vm-1')).toEqual({ asOf: 9_007_199_254_740_991 });
    });

    it('each get their own answer, though it may come late and out of order', async () => {
      await open(leader, async (id) => {
        await world.pass(Number(id.slice(3)) % 5);
        return explained(id, Number(id.slice(3)));
      });
      const other = await world.connect('other');
      const ids = Array.from({ length: 100 }, (_, index) => `vm-${index}`);
      const answers = await Promise.all(ids.map((id, n) => (n % 2 ? asker : other).explainDoor.explain(id)));
      expect(answers).toEqual(ids.map((id, index) => explained(id, index)));
    });

    it('say that the control plane is away when nobody listens', async () => {
      const asked = asker.explainDoor.explain('vm-1').catch((error: unknown) => error);
      expect(await asked).toBeInstanceOf(Unavailable);
      expect(await asked).toMatchObject({ dependency: 'control-plane' });
    });

    it('say so as well when somebody listens and has no answer, or when the desk was closed', async () => {
      const desk = await open(leader, async () => undefined);
      await expect(asker.explainDoor.explain('vm-1')).rejects.toMatchObject({ dependency: 'control-plane' });
      desk.stop();
      const closed = await open(leader, async (id) => explained(id));
      closed.stop();
      await world.pass(20);
      await expect(asker.explainDoor.explain('vm-1')).rejects.toMatchObject({ dependency: 'control-plane' });
    });

    it('are answered by one who can when another cannot, or fails', async () => {
      const [silent, broken] = [await world.connect('silent'), await world.connect('broken')];
      await open(silent, async () => undefined);
      await open(broken, async () => Promise.reject(new Error('no term')));
      await open(leader, async (id) => explained(id));
      expect(await asker.explainDoor.explain('vm-1')).toEqual(explained('vm-1'));
    });

    it('end when the connection is closed for good', async () => {
      await open(leader, async () => undefined);
      const asked = asker.explainDoor.explain('vm-1').catch((error: unknown) => error);
      await world.pass(20);
      await asker.close();
      expect(await asked).toMatchObject({ name: 'Unavailable', dependency: 'nats' });
      await expect(asker.explainDoor.explain('vm-1')).rejects.toMatchObject({ dependency: 'nats' });
    });

    it('are answered again when the server died and came back', async () => {
      await open(leader, async (id) => explained(id));
      await world.killServer();
      await expect(asker.explainDoor.explain('vm-1')).rejects.toBeInstanceOf(Unavailable);
      await world.restartServer();
      let answer: Explained | undefined;
      for (let attempt = 1; answer === undefined && attempt <= MOST_TRIES; attempt++)
        answer = await asker.explainDoor.explain('vm-1').catch(() => world.pass(100).then(() => undefined));
      expect(answer).toEqual(explained('vm-1'));
    });
  });
}
