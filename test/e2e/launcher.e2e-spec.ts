import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildDemoTemplate } from '../../tools/template/build-demo.js';
import { AnkaClient, type Instance } from '../support/anka-client.js';
import { endGuestsBelow, guestsNaming } from '../support/guests.js';
import { bannerOf, reaches } from '../support/instances.js';
import { Launched, runTool } from '../support/launched.js';
import { DEMO_DIR } from '../support/templates.js';
import { removeHome, tempFolder } from '../support/temp-home.js';

jest.setTimeout(400_000);

describe('npm start, as a newcomer uses it', () => {
  const home = tempFolder();
  const env = {
    ...process.env,
    MUSTER_HOME: home,
    MUSTER_LISTEN: '127.0.0.1:0',
    MUSTER_REGISTRY_LISTEN: '127.0.0.1:0',
    MUSTER_NATS_PORT: '0',
    MUSTER_DRIVER: 'qemu',
  };
  let run: Launched;
  let before: Instance;
  let guest: number;

  beforeAll(async () => {
    // The builder is tested by itself; here its result of an earlier run will do.
    await buildDemoTemplate(DEMO_DIR, () => undefined);
    mkdirSync(home, { recursive: true });
    cpSync(DEMO_DIR, join(home, 'demo-template'), { recursive: true });
    run = new Launched(env);
  });
  afterAll(async () => {
    if (run.isRunning) run.interrupt();
    await run.end();
    await endGuestsBelow(home);
    removeHome(home);
  });

  it('says when it is ready, and prints a command that starts a VM', async () => {
    const anka = new AnkaClient(await run.ready());
    const answer = JSON.parse(execFileSync('sh', ['-c', run.curl], { encoding: 'utf8' })) as { body: string[] };
    expect(answer).toMatchObject({ status: 'OK', body: [expect.any(String)] });
    const id = answer.body[0] as string;
    before = await reaches(anka, id, 'Started');
    expect(await bannerOf(before)).toMatch(/^SSH-2\.0-/);
    guest = guestsNaming(id)[0] as number;
  });

  it('refuses a second start on the same folder', async () => {
    const second = new Launched(env);
    expect(await second.end()).toBe(1);
    expect(second.output).toMatch(/runs already/);
    expect(run.isRunning).toBe(true);
  });

  it('ends in order at Ctrl-C, and the VM keeps running', async () => {
    run.interrupt();
    expect(await run.end()).toBe(0);
    expect(run.output).toMatch(/Muster has stopped/);
    expect(guestsNaming(before.instance_id)).toEqual([guest]);
  });

  it('finds the VM again at the next start: adopted, on the same ports', async () => {
    run = new Launched(env);
    const anka = new AnkaClient(await run.ready());
    const after = await reaches(anka, before.instance_id, 'Started');
    expect(after.vminfo?.port_forwarding).toEqual(before.vminfo?.port_forwarding);
    expect(after.vminfo?.start_date).toBe(before.vminfo?.start_date);
    expect(await bannerOf(after)).toMatch(/^SSH-2\.0-/);
    expect(guestsNaming(before.instance_id)).toEqual([guest]);
  });

  it('is stopped by `npm run stop -- --all`, which ends the VM first', async () => {
    const { code, output } = await runTool('stop.mjs', ['--all'], env);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/All VMs have ended \(1\)/) });
    expect(await run.end()).toBe(0);
    expect(guestsNaming(before.instance_id)).toEqual([]);
  });
});
