import { describe, expect, it } from '@jest/globals';
import { base64 } from '../support/instances.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { JenkinsPlugin } from './jenkins.js';
import { PackerPlugin } from './packer.js';
import { poll } from './parts/poll.js';
import { Wire } from './parts/wire.js';
import { goneFromList, type World } from './parts/world.js';

/** New versions of a template, by the plugins that make them. */
export function saveImageContract(world: () => World): void {
  describe('plugins that make versions of templates', () => {
    const jenkins = () => new JenkinsPlugin([world().wire]);
    const packer = async () => new PackerPlugin(new Wire(await registryOf(world())));

    async function launched(vmid: string): Promise<string> {
      const id = await jenkins().start({ vmid });
      await jenkins().launched(id);
      return id;
    }

    /** The request as the build step writes it, with what its form left empty. */
    const request = (id: string, target_vm_id: string, tag: string, script = 'sync && sleep 60') => ({
      ...{ id, target_vm_id, tag, suspend: true, script: base64(script), do_suspend_sanity_test: true },
      ...{ revert_before_push: true, revert_tag: 'v1' },
    });

    const settled = (requestId: string) =>
      poll(`request ${requestId} ends`, async () => {
        const status = await jenkins().sdk.imageStatus(requestId);
        return status === 'pending' ? undefined : status;
      });

    it('Jenkins saves the VM of a job as a tag, and the VM is gone', async () => {
      const template = await offerPretendedTemplate(world().fleet, { name: 'saved' });
      const id = await launched(template);
      const requestId = await jenkins().sdk.saveImage({
        ...request(id, template, 'nightly'),
        revert_before_push: false,
      });
      expect(await settled(requestId)).toBe('done');
      expect(await jenkins().sdk.tags(template)).toEqual(['v1', 'nightly']);
      await goneFromList(world(), id);
    });

    it('Jenkins hears that its script failed, and that there is no such request', async () => {
      const template = await offerPretendedTemplate(world().fleet, { name: 'not-saved' });
      const id = await launched(template);
      const order = { ...request(id, template, 'nightly', 'exit 5'), cancel_on_script_failure: true };
      expect(await settled(await jenkins().sdk.saveImage(order))).toBe('error');
      expect(await jenkins().sdk.show(id)).toMatchObject({ state: 'Started' });
      await jenkins().sdk.terminate(id);
      await expect(jenkins().sdk.imageStatus('no-such-request')).rejects.toThrow('Not found');
    });

    it('Jenkins and Packer take the newest version back, and the template with the last one', async () => {
      const template = await offerPretendedTemplate(world().fleet, { name: 'reverted' });
      for (const tag of ['v2', 'v3'])
        await offerPretendedTemplate(world().fleet, { id: template, name: 'reverted', tag });
      await (await packer()).revert(template);
      expect(await jenkins().sdk.tags(template)).toEqual(['v1', 'v2']);
      await jenkins().sdk.revert(template);
      expect(await jenkins().sdk.tags(template)).toEqual(['v1']);
      await (await packer()).revert(template);
      expect((await jenkins().sdk.templates()).map(({ id }) => id)).not.toContain(template);
    });
  });
}

/** Where the controller says that the registry is. */
export async function registryOf({ fleet }: Pick<World, 'fleet'>): Promise<string> {
  const { envelope } = await fleet.anka.ask<{ registry_address: string }>('GET', '/api/v1/status');
  return envelope.body?.registry_address ?? '';
}
