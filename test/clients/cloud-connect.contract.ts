import { describe, expect, it } from '@jest/globals';
import { CloudConnect } from './cloud-connect.js';
import { Wire } from './parts/wire.js';
import type { World } from './parts/world.js';

export function cloudConnectContract(world: () => World): void {
  describe('the cloud-connect scripts', () => {
    const script = () => new CloudConnect(world().wire);

    it('take the version for a number, and find the registry', async () => {
      const { version, registry } = await script().status();
      expect(version).toBeGreaterThan(1000);
      expect(registry).toMatch(/^http:/);
    });

    it('find templates in the old list of the registry, by name as well as by id, and write to its log', async () => {
      const { registry } = await script().status();
      const there = new CloudConnect(world().wire, new Wire(registry));
      const { template, templateName } = world();
      expect(await there.templatesLike(new RegExp(`^(${templateName}|${template})$`))).toEqual([
        template,
        templateName,
      ]);
      await there.log('i-092bc39e9268d3b54 | A1B2', 'Activated the licence');
    });

    it('keep a node drained while a template is brought to it, and then let it work', async () => {
      const { openNode, fleet } = world();
      const nodeId = await script().nodeIdOf(openNode);
      expect(nodeId).toBe(openNode);
      await script().drain(nodeId, true);
      const template = await world().slowTemplate();
      const seen: number[] = [];
      await script().distribute(template, nodeId, (progress) => seen.push(progress as number));
      expect(seen[0]).toBeLessThan(1);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      await script().drain(nodeId, false);
      const [id = ''] = await fleet.anka.start({ vmid: template, node_id: nodeId } as { vmid: string });
      expect((await fleet.anka.instance(id)).instance_state).toBe('Scheduling');
      await fleet.anka.terminate(id);
    });

    it('hear of a node that nobody knows, and of a template', async () => {
      expect(await script().nodeIdOf('nobody')).toBe('');
      await expect(script().deleteNode('nobody')).rejects.toThrow('Not found');
      await expect(script().drain('nobody', false)).rejects.toThrow('Not found');
      await expect(script().distribute('nothing', world().openNode)).rejects.toThrow('VM not in the registry');
    });
  });
}
