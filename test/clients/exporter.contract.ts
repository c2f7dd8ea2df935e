import { describe, expect, it } from '@jest/globals';
import { base64 } from '../support/instances.js';
import { Exporter } from './exporter.js';
import { goneFromList, type World } from './parts/world.js';

export function exporterContract(world: () => World): void {
  describe('the Prometheus exporter', () => {
    const exporter = () => new Exporter(world().wire);

    it('counts nodes, instances and tags, and sees room in the registry', async () => {
      const { fleet, template, openNode } = world();
      const [id = ''] = await fleet.anka.start({ vmid: template });
      const { nodes, instances, freeBytes, tags } = await exporter().scrape();
      expect(nodes.map(({ node_id }) => node_id)).toContain(openNode);
      expect([...instances.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
      expect(freeBytes).toBeGreaterThan(0);
      expect(tags.get(template)).toBe(2);
      await fleet.anka.terminate(id);
      await goneFromList(world(), id);
    });

    it('goes on counting with instances that failed, with and without a host, and one whose template is gone', async () => {
      const { fleet, template } = world();
      const homeless = await world().failedWithoutHost();
      const script = { startup_script: base64('exit 1'), script_monitoring: true };
      const [failed = ''] = await fleet.anka.start({ vmid: template, ...script });
      const doomed = await world().slowTemplate();
      const [orphan = ''] = await fleet.anka.start({ vmid: doomed });
      await fleet.anka.ask('DELETE', `/api/v1/registry/vm?id=${doomed}`);
      const { instances } = await exporter().scrape();
      expect(instances.get('Error')).toBeGreaterThan(0);
      for (const id of [homeless, failed, orphan]) await fleet.anka.terminate(id);
      for (const id of [homeless, failed, orphan]) await goneFromList(world(), id);
    });
  });
}
