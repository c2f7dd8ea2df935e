import { describe, expect, it } from '@jest/globals';
import { base64 } from '../support/instances.js';
import { poll } from './parts/poll.js';
import type { WireRequest } from './parts/wire.js';
import { goneFromList, type World } from './parts/world.js';

interface Shown {
  readonly instance_id: string;
  readonly instance_state: string;
  readonly vminfo?: { readonly status: string; readonly start_date: string; readonly ip: string };
}

interface Envelope<T> {
  readonly status: string;
  readonly message: string;
  readonly body?: T;
}

/** The documented routes as somebody at a terminal uses them. */
export function curlContract(world: () => World): void {
  describe('somebody with curl', () => {
    /** With -d, which is a form to curl; without a type at all when the header was emptied. */
    async function curl<T>(
      method: WireRequest['method'],
      path: string,
      body?: string,
      type = true,
    ): Promise<Envelope<T>> {
      const form = body !== undefined && type && { 'Content-Type': 'application/x-www-form-urlencoded' };
      const headers = { 'User-Agent': 'curl/8.7.1', Accept: '*/*', ...form };
      const { text } = await world().wire.send({ method, path, headers, ...(body !== undefined && { body }) });
      return JSON.parse(text) as Envelope<T>;
    }
    const show = async (id: string) => (await curl<Shown>('GET', `/api/v1/vm?id=${id}`)).body as Shown;
    const start = async (more: object = {}) => {
      const { body } = await curl<string[]>('POST', '/api/v1/vm', JSON.stringify({ vmid: world().template, ...more }));
      return body?.[0] ?? '';
    };
    const reaching = (id: string, state: string) =>
      poll(`${id} is ${state}`, async () => {
        const shown = await show(id);
        return shown.instance_state === state ? shown : undefined;
      });
    const end = (id: string) => curl('DELETE', '/api/v1/vm', JSON.stringify({ id }), false);

    it('restarts an instance, which is Started all the time and began anew', async () => {
      const id = await start();
      const before = await reaching(id, 'Started');
      expect(await curl('POST', '/api/v1/rpc/vm/restart', JSON.stringify({ instance_id: id }))).toMatchObject({
        status: 'OK',
        message: '',
      });
      const states = new Set<string>();
      const after = await poll('It began anew', async () => {
        const shown = await show(id);
        states.add(shown.instance_state);
        const { vminfo } = shown;
        const isAnew = vminfo?.status === 'running' && vminfo.start_date !== before.vminfo?.start_date;
        // The guest has no address until it is up again.
        return isAnew && vminfo.ip !== '' ? shown : undefined;
      });
      expect([...states]).toEqual(['Started']);
      expect(after.vminfo).toEqual({ ...before.vminfo, start_date: expect.any(String), ...changing });
      await end(id);
    });

    /** What a restart may change beside the start date. */
    const changing = { access_date: expect.any(String), timestamp: expect.any(String) };

    it.each([0, 1])('sees all that was known of a VM whose script failed, with fail handler %s', async (handler) => {
      const script = { startup_script: base64('exit 3'), script_monitoring: true, script_fail_handler: handler };
      const failed = await reaching(await start(script), 'Error');
      expect(failed.vminfo).toMatchObject({ uuid: expect.any(String), name: expect.any(String), host_ip: '127.0.0.1' });
      await end(failed.instance_id);
      await goneFromList(world(), failed.instance_id);
    });

    it('sees a script that takes too long as one that timed out', async () => {
      const script = { startup_script: base64('sleep 60'), script_monitoring: true, script_timeout: 1 };
      const failed = await reaching(await start(script), 'Error');
      expect(failed).toMatchObject({ startup_script: { return_code: -1, did_timeout: true } });
      await end(failed.instance_id);
    });

    it('adds metadata key by key', async () => {
      const id = await start({ metadata: { build: 17, kept: 'yes' } });
      await curl('PUT', `/api/v1/vm?id=${id}`, JSON.stringify({ metadata: { build: 18, done: true } }));
      expect(await show(id)).toMatchObject({ metadata: { build: 18, kept: 'yes', done: true } });
      await end(id);
    });

    it('ends an instance that waits for a node: it never runs, and is gone after a while', async () => {
      const id = await start({ node_id: world().parkedNode });
      await end(id);
      expect(await show(id)).not.toHaveProperty('node_id');
      await goneFromList(world(), id);
      expect(await curl('GET', `/api/v1/vm?id=${id}`)).toEqual({ status: 'FAIL', message: 'Not found' });
    });
  });
}
