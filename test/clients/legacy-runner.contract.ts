import { describe, expect, it } from '@jest/globals';
import { LegacyRunner } from './legacy-runner.js';
import { goneFromList, type World } from './parts/world.js';

export function legacyRunnerContract(world: () => World): void {
  describe('the old gitlab-runner', () => {
    const runner = () => new LegacyRunner(world().wire);

    it('starts by the name of a template, connects through the node, and terminates', async () => {
      const vmid = (await runner().templateIdOf(world().templateName)) ?? '';
      const names = { name: 'job-7', external_id: 'https://gitlab.example/jobs/7', name_template: 'ci-$ts' };
      const id = await runner().start({ vmid, tag: 'v1', count: 1, ...names });
      expect(await runner().connect(id)).toEqual({ host: '127.0.0.1', port: expect.any(Number) });
      expect((await runner().vms()).map((one) => one.instance_id)).toContain(id);
      expect((await runner().vm(id)).ts).toBeInstanceOf(Date);
      expect(await runner().terminate(id)).toBe('OK');
      await goneFromList(world(), id);
    });

    it('hears of an unknown template, tag and instance', async () => {
      await expect(runner().start({ vmid: 'nowhere' })).rejects.toThrow(/^VM not in the registry$/);
      await expect(runner().start({ vmid: world().template, tag: 'v0' })).rejects.toThrow(/^No such tag v0$/);
      await expect(runner().vm('nowhere')).rejects.toThrow(/^Not found$/);
      expect(await runner().terminate('nowhere')).toBe('FAIL');
    });
  });
}
