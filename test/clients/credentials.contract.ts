import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AnkaActions } from './anka-actions.js';
import { CloudConnect } from './cloud-connect.js';
import { Exporter } from './exporter.js';
import { HarnessRunner } from './harness.js';
import { JenkinsPlugin } from './jenkins.js';
import { basic } from './parts/axios.js';
import { poll } from './parts/poll.js';
import { bearerFor, type UserKey } from './parts/tap.js';
import { ROOT_TOKEN, type World } from './parts/world.js';
import { TeamCityPlugin } from './teamcity.js';

/** What becomes of them at a controller that asks who they are. */
export function credentialsContract(world: () => World): void {
  describe('a controller that asks for credentials', () => {
    let key: UserKey;
    const asRoot = { Authorization: basic('root', ROOT_TOKEN), 'Content-Type': 'application/json' };
    const wire = () => world().replica;
    const apiKey = (method: 'POST' | 'DELETE', body: object) =>
      wire().send({ method, path: '/api/v1/apikey', headers: asRoot, body: JSON.stringify(body) });

    beforeAll(async () => {
      const id = `plugin-${randomUUID().slice(0, 8)}`;
      const { text } = await apiKey('POST', { id, ttl: 3600, groups: ['ci'] });
      key = { id, privateKey: Buffer.from((JSON.parse(text) as { body: string }).body, 'base64') };
    });
    afterAll(() => apiKey('DELETE', { id: key.id }));

    it('lets the actions in with the root token and no user, and nobody with another', async () => {
      const actions = new AnkaActions(wire(), ROOT_TOKEN);
      const id = await actions.start({ vmid: world().template, external_id: randomUUID() });
      await actions.up(id);
      await actions.down(id);
      const stranger = new AnkaActions(wire(), 'another-root-token');
      await expect(stranger.idOf('x')).rejects.toThrow('status code 401: Authentication Required');
    });

    it('lets the Harness runner in, who is always root', async () => {
      await new HarnessRunner(wire(), ROOT_TOKEN).ping();
      await expect(new HarnessRunner(wire(), 'wrong-root-token').ping()).rejects.toThrow('client error 401');
    });

    it('shakes hands with Jenkins before every single request', async () => {
      let handshakes = 0;
      const authorization = async () => {
        handshakes++;
        return `Bearer ${await bearerFor(wire(), key, 'java')}`;
      };
      const plugin = new JenkinsPlugin([wire()], { authorization });
      const id = await plugin.start({ vmid: world().template, tag: 'v1' });
      await plugin.launched(id);
      expect(await plugin.sdk.terminate(id)).toBe(true);
      expect(handshakes).toBeGreaterThan(2);
      await expect(new JenkinsPlugin([wire()]).sdk.list()).rejects.toThrow(/^Authentication Required$/);
    });

    it('tells TeamCity that there is no provider to log in with', async () => {
      expect(await new TeamCityPlugin([wire()]).loginProvider()).toBeUndefined();
    });

    it('has the exporter log in, and again when its session is over', async () => {
      const exporter = new Exporter(wire(), key);
      expect((await exporter.scrape()).nodes.length).toBeGreaterThan(0);
      expect(exporter.logins).toBe(1);
      const isLoggedInAgain = async () => {
        await exporter.scrape();
        return exporter.logins > 1 ? true : undefined;
      };
      await poll('The session is over', isLoggedInAgain, 20_000);
    });

    it('says to the cloud-connect scripts, in the words that they know, that they need some', async () => {
      await expect(new CloudConnect(wire()).status()).rejects.toThrow('The controller needs credentials');
    });

    it('does not ask whoever wants to know whether it is alive', async () => {
      for (const path of ['/livez', '/readyz']) {
        expect((await wire().send({ method: 'GET', path, headers: {} })).code).toBe(200);
      }
    });
  });
}
