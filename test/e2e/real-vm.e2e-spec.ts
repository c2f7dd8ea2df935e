import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Instance } from '../support/anka-client.js';
import { Fleet } from '../support/fleet.js';
import { guestsNaming } from '../support/guests.js';
import { bannerOf, base64, BOOT_LIMIT_MS, forwardedPort, reaches } from '../support/instances.js';
import { replayOf } from '../support/replay-of.js';
import { offerDemoTemplate } from '../support/templates.js';
import { until } from '../support/until.js';

jest.setTimeout(300_000);

/** How long a terminated instance stays in the lists of this fleet. */
const VISIBLE_MS = 5_000;

describe('a real VM, from the first request to its end', () => {
  let fleet: Fleet;
  let template: string;
  let id: string;
  let started: Instance;

  beforeAll(async () => {
    fleet = await Fleet.start({ driver: 'qemu', env: { ANKA_INSTANCE_TIME_OUT: `${VISIBLE_MS}ms` } });
    template = await offerDemoTemplate(fleet);
  });
  afterAll(() => fleet?.close());

  it('is accepted at once, and can be read at once', async () => {
    const script = base64('#!/bin/sh\necho "hello from $(uname -s)"\necho oops >&2\n');
    const ids = await fleet.anka.start({
      vmid: template,
      name: 'first',
      startup_script: script,
      script_monitoring: true,
    });
    expect(ids).toHaveLength(1);
    id = ids[0] as string;
    expect((await fleet.anka.instance(id)).instance_state).toMatch(/^(Scheduling|Pulling)$/);
    expect((await fleet.anka.instances()).map((one) => one.instance_id)).toContain(id);
  });

  it('is Started once its script ended well, with its ports and the result of the script', async () => {
    started = await reaches(fleet.anka, id, 'Started');
    expect(started.startup_script).toMatchObject({ return_code: 0, did_timeout: false });
    expect(started.startup_script?.stdout).toBe('hello from Linux\n');
    expect(started.startup_script?.stderr).toBe('oops\n');
    expect(started.vminfo).toMatchObject({ status: 'running', host_ip: '127.0.0.1', node_id: started.node_id });
    expect(started.vminfo?.port_forwarding).toEqual([
      expect.objectContaining({ name: 'ssh', guest_port: 22, protocol: 'tcp' }),
    ]);
    expect(guestsNaming(id)).toHaveLength(1);
  });

  it('answers SSH on the forwarded port', async () => {
    expect(await bannerOf(started)).toMatch(/^SSH-2\.0-/);
  });

  it('is restarted without ever being seen in another state, on the same ports', async () => {
    await fleet.anka.restart(id);
    const states = new Set<string>();
    const restarted = await until(
      'The start date changes',
      async () => {
        const now = await fleet.anka.instance(id);
        states.add(now.instance_state);
        return now.vminfo?.start_date !== started.vminfo?.start_date ? now : undefined;
      },
      BOOT_LIMIT_MS,
    );
    expect([...states]).toEqual(['Started']);
    expect(forwardedPort(restarted, 22)).toBe(forwardedPort(started, 22));
    expect(await bannerOf(restarted)).toMatch(/^SSH-2\.0-/);
    expect(guestsNaming(id)).toHaveLength(1);
  });

  it('ends when it is deleted, leaves no process behind, and then leaves the lists', async () => {
    await fleet.anka.terminate(id);
    expect((await fleet.anka.instance(id)).instance_state).toMatch(/^Terminat(ing|ed)$/);
    await reaches(fleet.anka, id, 'Terminated');
    expect(guestsNaming(id)).toEqual([]);
    const gone = async (): Promise<boolean> => !(await fleet.anka.instances()).some((one) => one.instance_id === id);
    await until('It is gone from the list', gone, VISIBLE_MS + 5_000);
    const { envelope } = await fleet.anka.ask('GET', `/api/v1/vm?id=${id}`);
    expect(envelope).toMatchObject({ status: 'FAIL', message: 'Not found' });
  });

  it('is an Error with the exit code when its monitored script fails, and can be deleted then', async () => {
    const script = base64('echo half done\nexit 3\n');
    const [failing = ''] = await fleet.anka.start({ vmid: template, startup_script: script, script_monitoring: true });
    const failed = await reaches(fleet.anka, failing, 'Error');
    expect(failed.message).toBe('startup script exit code 3');
    expect(failed.startup_script).toMatchObject({ return_code: 3, did_timeout: false, stdout: 'half done\n' });
    await fleet.anka.terminate(failing);
    await until('No process of it is left', () => guestsNaming(failing).length === 0, BOOT_LIMIT_MS);
  });

  it('left a log that the same rules would write again', async () => {
    const { commands, differences } = await replayOf(fleet);
    expect(commands).toBeGreaterThan(0);
    expect(differences).toEqual([]);
  });
});
