import { describe, expect, it } from '@jest/globals';
import { base64 } from '../support/instances.js';
import { AnkaMcp } from './anka-mcp.js';
import { goneFromList, type World } from './parts/world.js';

export function ankaMcpContract(world: () => World): void {
  describe('anka-mcp', () => {
    const mcp = () => new AnkaMcp(world().wire);

    it('offers the templates with their tags', async () => {
      const { template: id, templateName: name } = world();
      expect(await mcp().templates()).toContainEqual({ id, name, tags: ['v1', 'v2'] });
    });

    it('gets a VM whose SSH port is forwarded because it asks for that, and ends it', async () => {
      const startup_script = base64('mkdir -p ~/.ssh && echo key >> ~/.ssh/authorized_keys');
      const id = await mcp().request({ vmid: world().template, tag: 'v1', startup_script, name: 'agent-1' });
      expect(await mcp().ready(id)).toEqual({ host: '127.0.0.1', port: expect.any(Number) });
      expect((await mcp().list()).map((one) => one.instance_id)).toContain(id);
      await mcp().terminate(id);
      await expect(mcp().ready(id)).rejects.toThrow(/The VM is Terminat(ing|ed)/);
      await goneFromList(world(), id);
      await expect(mcp().vm(id)).rejects.toThrow(/^Not found$/);
    });

    it('hears what it did wrong', async () => {
      await expect(mcp().request({ vmid: 'no-such-template' })).rejects.toThrow(/^VM not in the registry$/);
      await expect(mcp().request({ vmid: world().template, tag: 'nope' })).rejects.toThrow(/^No such tag nope$/);
      await expect(mcp().vm('no-such-vm')).rejects.toThrow(/^Not found$/);
      await expect(mcp().terminate('no-such-vm')).rejects.toThrow(/^Not found$/);
    });
  });
}
