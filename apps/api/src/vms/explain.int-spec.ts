import { createHash } from 'node:crypto';
import type { Command } from '#domain';
import { JetStreamCommandQueue, NatsLink } from '#events/jetstream';
import { ApiUnderTest } from '../../../../test/support/api-under-test.js';
import { BareControlPlane } from '../../../../test/support/bare-control-plane.js';
import { until } from '../../../../test/support/until.js';
import { join } from '../testing/fleet.contract.js';
import type { ExplanationDto } from './explanation.dto.js';

const FLEET: readonly Command[] = [
  join('arm-01'),
  join('amd-01', { facts: { arch: 'amd64' }, config: { capacity: 1 } }),
  join('amd-02', { facts: { arch: 'amd64' }, config: { drain: true, capacity: 0 } }),
];

let world: ApiUnderTest;
let templateId: string;

beforeAll(async () => {
  world = await ApiUnderTest.start();
  templateId = await pushTemplate();
  await joinAll(FLEET);
}, 60_000);

afterAll(() => world.stop(), 30_000);

const call = (path: string, init?: RequestInit) => fetch(`${world.api.url}${path}`, init);
const ask = (id: string) => call(`/api/v2/vms/${id}/explain`);

async function pushTemplate(): Promise<string> {
  const bytes = Buffer.from('disk');
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const disk = (await (await call(`/blobs/${digest}`, { method: 'PUT', body: bytes })).json()) as object;
  const body = JSON.stringify({ name: 'debian', tag: 'v1', arch: 'amd64', disk, cpu: 1, memoryMiB: 128 });
  const pushed = await call('/api/v2/templates', { method: 'POST', body });
  return ((await pushed.json()) as { id: string }).id;
}

/** As the nodes themselves would, over NATS; returns when the API shows them all. */
async function joinAll(commands: readonly Command[]): Promise<void> {
  const link = await NatsLink.connect({ url: world.nats.url, name: 'nodes' });
  const queue = new JetStreamCommandQueue(link);
  for (const [n, command] of commands.entries())
    await queue.publish({ id: `join-${n}`, time: Date.now(), actor: 'spec', correlationId: 'join', command });
  await link.close();
  const shown = async () => ((await (await call('/api/v1/node')).json()) as { body?: unknown[] }).body?.length;
  await until('all nodes are shown', async () => (await shown()) === commands.length, 10_000);
}

async function start(request: Readonly<Record<string, unknown>> = {}): Promise<string[]> {
  const answer = await call('/api/v1/vm', { method: 'POST', body: JSON.stringify({ vmid: templateId, ...request }) });
  return ((await answer.json()) as { body: string[] }).body;
}

describe('explanations over a real server', () => {
  test('of VMs that cannot be placed are right at once after each POST', async () => {
    await start();
    for (let n = 0; n < 20; n++) {
      const [id = ''] = await start();
      const answer = await ask(id);
      expect(answer.status).toBe(200);
      const { waits, sentence } = (await answer.json()) as ExplanationDto;
      expect(waits).toMatchObject({ ahead: n, nodes: FLEET.length, impossible: false });
      expect(waits?.counts).toEqual({ available: 0, 'wrong-architecture': 1, full: 1, draining: 1 });
      expect(sentence).toContain('1 full');
    }
  });

  test('say of a VM for which there is no node that waiting is of no use', async () => {
    const [id = ''] = await start({ node_id: 'amd-02' });
    const { waits, sentence } = (await (await ask(id)).json()) as ExplanationDto;
    expect(waits?.impossible).toBe(true);
    expect(Object.values(waits?.counts ?? {}).reduce((sum, count) => sum + count, 0)).toBe(FLEET.length);
    expect(sentence).toBe('Waits: no node of the fleet could ever take it: 2 other than amd-02, 1 without any slot');
  });

  test('are a 404 for an unknown id, and a 503 while there is no control plane', async () => {
    expect((await ask('nobody')).status).toBe(404);
    const [id = ''] = await start();
    await world.controlPlane.stop();
    const answer = await ask(id);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await answer.json()).toMatchObject({ away: 'control-plane', detail: 'Ask again' });
    world.controlPlane = await BareControlPlane.start(world.nats.url);
    await until('it is explained again', async () => (await ask(id)).status === 200, 10_000);
  });
});
