import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Fleet } from '../support/fleet.js';
import { guestsNaming } from '../support/guests.js';
import { base64, BOOT_LIMIT_MS } from '../support/instances.js';
import { sshBanner } from '../support/ssh-banner.js';
import { offerDemoTemplate } from '../support/templates.js';
import { until } from '../support/until.js';
import { AnkaActions } from './anka-actions.js';
import { AnkaMcp } from './anka-mcp.js';
import { GitlabExecutor } from './gitlab-executor.js';
import { Wire } from './parts/wire.js';

jest.setTimeout(300_000);

const VISIBLE_MS = 2_000;

describe('clients with a real guest', () => {
  let fleet: Fleet;
  let wire: Wire;
  let vmid: string;

  beforeAll(async () => {
    fleet = await Fleet.start({
      ...{ driver: 'qemu', ephemeralDatabase: true },
      env: { ANKA_INSTANCE_TIME_OUT: `${VISIBLE_MS}ms` },
    });
    wire = new Wire(fleet.apiUrl);
    vmid = await offerDemoTemplate(fleet);
  });
  afterAll(() => fleet?.close());

  const ended = (id: string) =>
    until(`No process of ${id} is left`, () => guestsNaming(id).length === 0, BOOT_LIMIT_MS);

  it('the GitLab executor meets an SSH server at the address of the node', async () => {
    const executor = new GitlabExecutor(wire);
    const external_id = 'https://gitlab.example/ci/jobs/1';
    const id = await executor.create({ vmid, external_id });
    await executor.prepared(id);
    const { host, port } = await executor.sshAddressOf(await executor.instanceOf(external_id));
    expect(await sshBanner(host, port)).toMatch(/^SSH-2\.0-/);
    await executor.terminate(id);
    await ended(id);
  });

  it('the GitHub actions wait for a script in the guest, and tell what it wrote when it failed', async () => {
    const actions = new AnkaActions(wire);
    const run = (script: string) =>
      actions.start({ vmid, external_id: randomUUID(), startup_script: base64(script), vcpu: 1, vram: 256 });
    const good = await run('test -n "$PATH" && uname -s\n');
    const bad = await run('echo "no runner in $(uname -s)" >&2\nexit 12\n');
    await actions.up(good);
    await actions.down(good);
    await expect(actions.up(bad)).rejects.toThrow(
      /^VM failed to start: startup script exit code 12: no runner in Linux$/,
    );
    await actions.down(bad);
    await Promise.all([good, bad].map(ended));
  });

  it('anka-mcp gets into the guest through the port that it asked for', async () => {
    const mcp = new AnkaMcp(wire);
    const startup_script = base64('mkdir -p ~/.ssh && echo "ssh-ed25519 AAAA key" >> ~/.ssh/authorized_keys\n');
    const id = await mcp.request({ vmid, startup_script, name: 'agent' });
    const { host, port } = await mcp.ready(id);
    expect(await sshBanner(host, port)).toMatch(/^SSH-2\.0-/);
    await mcp.terminate(id);
    await ended(id);
  });
});
