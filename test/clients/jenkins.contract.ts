import { describe, expect, it } from '@jest/globals';
import { base64 } from '../support/instances.js';
import { JenkinsPlugin } from './jenkins.js';
import { asRoot, goneFromList, type World } from './parts/world.js';

export function jenkinsContract(world: () => World): void {
  describe('the Jenkins plugin', () => {
    const plugin = () => new JenkinsPlugin([world().wire]);
    const agent = (more: object = {}) => ({
      ...{ vmid: world().template, tag: 'v1', external_id: 'http://jenkins.example/computer/agent-1', priority: 300 },
      ...more,
    });

    it('offers templates and tags, launches an agent over SSH, names it, and terminates it', async () => {
      expect((await plugin().offers()).get(world().template)).toEqual(['v1', 'v2']);
      expect(await plugin().capacity()).toBeGreaterThan(0);
      const id = await plugin().start(agent({ startup_script: base64('echo agent'), vcpu: 1, vram: 256 }));
      const states = new Set<string>();
      const address = await plugin().launched(id, (state) => states.add(state));
      expect(address).toEqual({ host: '127.0.0.1', port: expect.any(Number) });
      expect([...states].filter((state) => !['Scheduling', 'Pulling', 'Started'].includes(state))).toEqual([]);
      const { sdk } = plugin();
      expect(await sdk.update(id, { name: 'agent-1', metadata: { 'jenkins-job-id': 'job/17' } })).toBe(true);
      expect(await sdk.show(id)).toMatchObject({ state: 'Started', info: { name: expect.any(String) } });
      expect(await sdk.terminate(id)).toBe(true);
      await goneFromList(world(), id);
      expect(await sdk.show(id)).toBeUndefined();
    });

    it('starts without the tag when there is no such tag', async () => {
      const id = await plugin().start(agent({ tag: 'no-such-tag' }));
      const { envelope } = await world().fleet.anka.ask<{ tag: string }>('GET', `/api/v1/vm?id=${id}`);
      expect(envelope.body?.tag).toBe('v2');
      await plugin().sdk.terminate(id);
    });

    it('starts agents in a group that is named by name or id, and none when there is no such group', async () => {
      const { group, openNode } = world();
      expect(await plugin().groupIdOf(group.name)).toBe(group.id);
      const id = await plugin().start(agent({ group_id: await plugin().groupIdOf(group.id) }));
      await plugin().launched(id);
      expect((await world().fleet.anka.instance(id)).node_id).toBe(openNode);
      await plugin().sdk.terminate(id);
      await expect(plugin().groupIdOf('android')).rejects.toThrow('Node group android not found');
    });

    it('gives up at once on a template that is not there', async () => {
      await expect(plugin().start(agent({ vmid: 'gone' }))).rejects.toThrow('Bad Request (400)');
    });

    it('goes on launching while the list holds an instance that failed on no host, or one with a failed script', async () => {
      const stranger = await world().failedWithoutHost();
      const failing = { vmid: world().template, startup_script: base64('exit 4'), script_monitoring: true };
      const [failed = ''] = await world().fleet.anka.start(failing);
      const id = await plugin().start(agent());
      await plugin().launched(id);
      await expect(plugin().launched(failed)).rejects.toThrow('is Error: startup script exit code 4');
      const info = (await plugin().sdk.list()).find((one) => one.id === failed)?.info;
      expect(info).toMatchObject({ name: expect.any(String), status: expect.any(String) });
      for (const one of [stranger, failed, id]) await plugin().sdk.terminate(one);
    });

    it('finds the same instances behind each of its controllers, whichever it asks', async () => {
      const both = new JenkinsPlugin([world().wire, world().replica], { authorization: asRoot });
      for (let round = 0; round < 4; round++) {
        const id = await both.start(agent({ name: `round-${round}` }));
        expect((await both.sdk.show(id))?.id).toBe(id);
        expect((await both.sdk.list()).map((one) => one.id)).toContain(id);
        expect(await both.sdk.terminate(id)).toBe(true);
        expect((await both.sdk.show(id))?.state).toMatch(/^Terminat/);
      }
    });

    it('sends a start again whose answer never came: what it began twice is in the list, and can be ended', async () => {
      const hasty = new JenkinsPlugin([world().wire], { timeoutMs: 1, maxAttempts: 2 });
      const name = 'sent-twice';
      await expect(hasty.start(agent({ name }))).rejects.toThrow('1 ms');
      const id = await plugin().start(agent({ name }));
      const twins = (await world().fleet.anka.instances()).filter(({ vm }) => (vm as { name?: string }).name === name);
      expect(twins.map((one) => one.instance_id)).toContain(id);
      for (const { instance_id } of twins) expect(await plugin().sdk.terminate(instance_id)).toBe(true);
    });
  });
}
