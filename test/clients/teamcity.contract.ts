import { describe, expect, it } from '@jest/globals';
import { asRoot, goneFromList, type World } from './parts/world.js';
import { TeamCityPlugin } from './teamcity.js';

export function teamCityContract(world: () => World): void {
  describe('the TeamCity plugin', () => {
    const plugin = () => new TeamCityPlugin([world().wire]);
    const order = (more: object = {}) => ({
      ...{ vmid: world().template, external_id: 'PROFILE_1', name_template: 'tc-$ts', vcpu: 1, vram: 256 },
      ...more,
    });

    it('offers groups and priorities', async () => {
      expect(await plugin().offersGroups()).toBe(true);
      expect((await plugin().sdk.groups()).map(({ name }) => name)).toContain(world().group.name);
    });

    it('sees an instance right after its start, waits for its address, names it, and terminates it', async () => {
      const { id, state } = await plugin().start(order({ tag: 'v1', priority: 900 }));
      expect(state).toMatch(/^(Scheduling|Pulling|Started)$/);
      expect(await plugin().ready(id)).toEqual({ host: '127.0.0.1', port: expect.any(Number) });
      const update = { name: 'agent 1', external_id: 'PROFILE_1', metadata: { build: '17' } };
      expect(await plugin().sdk.update(id, update)).toBe(true);
      expect(await plugin().sdk.terminate(id)).toBe(true);
      await goneFromList(world(), id);
    });

    it('sees an instance right after its start behind another controller, too', async () => {
      const both = new TeamCityPlugin([world().wire, world().replica], { authorization: asRoot });
      for (let round = 0; round < 4; round++) await both.sdk.terminate((await both.start(order())).id);
    });

    it('starts many instances for one profile', async () => {
      const ids = [(await plugin().start(order())).id, (await plugin().start(order())).id];
      expect(new Set(ids).size).toBe(2);
      for (const id of ids) await plugin().sdk.terminate(id);
    });

    it('starts without the tag when there is no such tag, and gives up on an unknown template', async () => {
      const { id } = await plugin().start(order({ tag: 'gone' }));
      await plugin().sdk.terminate(id);
      await expect(plugin().start(order({ vmid: 'gone' }))).rejects.toThrow('Bad Request (400)');
    });
  });
}
