import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AzureExtension } from './azure.js';
import { poll } from './parts/poll.js';
import type { World } from './parts/world.js';

export function azureContract(world: () => World): void {
  describe('the Azure DevOps extension', () => {
    const extension = () => new AzureExtension(world().wire);
    const form = (filled: { vmid?: string; tag?: string; name?: string; external_id?: string } = {}) => ({
      ...{ vmid: world().template, tag: '', name: '', external_id: '', startup_script: '' },
      ...filled,
    });

    it('starts with a form that is all but empty', async () => {
      const id = await extension().start(form());
      const started = await extension().started(id);
      expect(started.vminfo?.host_ip).toBe('127.0.0.1');
      await extension().delete(id);
    });

    it.each(['name', 'external_id'] as const)('finds its instance by the %s beside the instance', async (key) => {
      const by = { [key]: randomUUID() };
      const id = await extension().start(form(by));
      expect(await extension().find(by)).toMatchObject({ instance_id: id });
      await extension().delete(id);
      await poll('It is gone', async () => ((await extension().isGone(id)) ? true : undefined));
      expect(await extension().find(by)).toBeUndefined();
    });

    it('fails the task with the message of the controller', async () => {
      await expect(extension().start(form({ vmid: 'nope' }))).rejects.toThrow('VM not in the registry');
      await expect(extension().start(form({ tag: 'nope' }))).rejects.toThrow('No such tag nope');
      expect(await extension().isGone('nope')).toBe(true);
    });
  });
}
