import { describe, expect, it } from '@jest/globals';
import { Mgmtcl, NotFoundException } from './mgmtcl.js';
import { goneFromList, type World } from './parts/world.js';

export function mgmtclContract(world: () => World): void {
  describe('mgmtcl', () => {
    const cli = () => new Mgmtcl(world().wire);

    it('starts two instances by the name of a template, shows and lists them, and terminates them', async () => {
      const vmid = String(await cli().templateIdOf(world().templateName));
      const ids = (await cli().start(vmid, 2, 'v1', world().openNode)) as string[];
      expect(ids).toHaveLength(2);
      for (const id of ids) {
        expect(await cli().show('vm', id)).toMatchObject({ instance_id: id, vmid });
        expect((await cli().list()).map((one) => one.id)).toContain(id);
        expect(await cli().terminate(id)).toBe(true);
      }
      for (const id of ids) await goneFromList(world(), id);
    });

    it('shows nodes as a list, a node as a list of one, and a template with its versions', async () => {
      const { openNode, template } = world();
      expect(await cli().nodes()).toEqual(expect.arrayContaining([expect.objectContaining({ node_id: openNode })]));
      expect(await cli().show('node', openNode)).toEqual([expect.objectContaining({ node_id: openNode })]);
      expect(await cli().show('registry/vm', template)).toMatchObject({ id: template, versions: expect.any(Array) });
    });

    it.each(['vm', 'node', 'registry/vm'] as const)('says that there is no such %s', async (resource) => {
      await expect(cli().show(resource, 'no-such-id')).rejects.toThrow(NotFoundException);
    });

    it('cannot say more than the code for a template that is not there', async () => {
      await expect(cli().start('no-such-id', 1)).rejects.toThrow('HTTPError: 400');
      expect(await cli().terminate('no-such-id')).toBe(false);
    });
  });
}
