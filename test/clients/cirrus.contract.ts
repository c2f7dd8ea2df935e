import { describe, expect, it } from '@jest/globals';
import { base64 } from '../support/instances.js';
import { CirrusSdk } from './cirrus.js';
import { goneFromList, type World } from './parts/world.js';

export function cirrusContract(world: () => World): void {
  describe('the SDK of Cirrus CI', () => {
    const sdk = () => new CirrusSdk(world().wire);

    it('chooses a template and a tag, starts, finds address and ports, and terminates', async () => {
      const { templateName } = world();
      const vmid = (await sdk().templates()).find(({ name }) => name === templateName)?.id ?? '';
      expect(await sdk().tags(vmid)).toEqual(['v1', 'v2']);
      const id = await sdk().start({ vmid, tag: 'v2', name_template: 'cirrus-1', startup_script: base64('echo hi') });
      const running = await sdk().running(id);
      expect(running.info).toMatchObject({ hostIp: '127.0.0.1', forwards: [{ guest: 22, host: expect.any(Number) }] });
      expect((await sdk().list()).map((one) => one.id)).toContain(id);
      expect(await sdk().terminate(id)).toBe(true);
      await goneFromList(world(), id);
      expect(await sdk().show(id)).toBeUndefined();
    });

    it('counts the room that is left on the nodes', async () => {
      for (const { capacity, vmCount } of await sdk().nodes()) expect(capacity).toBeGreaterThanOrEqual(vmCount);
    });

    it('survives that there is no such tag or instance', async () => {
      await expect(sdk().start({ vmid: world().template, tag: 'gone' })).rejects.toThrow('Failed to create a VM!');
      expect(await sdk().show('gone')).toBeUndefined();
      expect(await sdk().terminate('gone')).toBe(false);
    });

    it('stumbles over a template that is gone, as it does with every controller that refuses with 400', async () => {
      await expect(sdk().start({ vmid: 'gone' })).rejects.toThrow('NullPointerException (code 400)');
    });
  });
}
