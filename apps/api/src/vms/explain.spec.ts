import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AnkaModule } from '../dialects/anka/anka.module.js';
import { openDoors } from '../testing/api.contract.js';
import { instance, join, push, seatOf, TEMPLATE_ID } from '../testing/fleet.contract.js';
import { House } from '../testing/house.contract.js';
import { Explainer } from './explainer.js';
import type { ExplanationDto } from './explanation.dto.js';
import { VmsModule } from './vms.module.js';

@Module({ imports: [AnkaModule, VmsModule] })
class Doors {}

let house: House;
let app: NestFastifyApplication;
beforeEach(async () => {
  house = new House();
  app = await openDoors(house, Doors);
});
afterEach(async () => {
  await app.close();
  await house.end();
});

async function fleet(): Promise<void> {
  house.begin();
  await house.tell(push('v1', 'a'));
  await house.tell(join('mac-01', { config: { capacity: 1 } }));
  await house.tell(join('mac-02', { config: { drain: true } }));
  await house.tell(join('linux-01', { facts: { arch: 'amd64' } }));
}

async function start(request: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const answer = await app.inject({ method: 'POST', url: '/api/v1/vm', payload: { vmid: TEMPLATE_ID, ...request } });
  const { body } = answer.json<{ body: string[] }>();
  return body[0] ?? '';
}

const ask = (id: string) => app.inject({ method: 'GET', url: `/api/v2/vms/${id}/explain` });

async function explained(id: string): Promise<ExplanationDto> {
  const answer = await ask(id);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  return answer.json<ExplanationDto>();
}

describe('GET /api/v2/vms/{id}/explain', () => {
  it('says at once why a VM that was just accepted waits, with counts that add up to the number of nodes', async () => {
    await fleet();
    await start();
    const waiting = await explained(await start());
    expect(waiting).toMatchObject({
      asOf: house.nats.events.last,
      phase: 'pending',
      sentence: 'Waits: no node can take it now (1 draining, 1 full, 1 of another architecture than arm64)',
      attempts: [],
    });
    const { waits } = waiting;
    expect(waits?.counts).toEqual({ available: 0, full: 1, draining: 1, 'wrong-architecture': 1 });
    expect(Object.values(waits?.counts ?? {}).reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(waits).toMatchObject({ nodes: 3, ahead: 0, impossible: false, since: house.clock.now() });
    expect(waits?.nearest.map(({ nodeId }) => nodeId)).toEqual(['mac-01', 'mac-02', 'linux-01']);
    expect(waits?.nearest[0]?.obstacles).toEqual([
      { reason: 'full', outlook: 'passing', lack: { of: 'slots', needs: 1, free: 0, limit: 1 } },
    ]);
  });

  it('says at once that a VM could never be placed in this fleet', async () => {
    await fleet();
    await house.tell(push('v2', 'b', { templateId: 'small-t', arch: 'amd64' }));
    const resources = { capacityMode: 'resource', vcpuOverride: 2, memoryMiBOverride: 4096 } as const;
    await house.tell({ type: 'ConfigNode', nodeId: 'linux-01', config: resources });
    const waiting = await explained(await start({ vmid: 'small-t' }));
    expect(waiting.waits).toMatchObject({ impossible: true, nodes: 3 });
    expect(waiting.sentence).toBe(
      'Waits: no node of the fleet could ever take it: 2 of another architecture than amd64, 1 too small for 4 vCPUs',
    );
  });

  it('says where a placed VM is, which starts failed before, and why it failed for good', async () => {
    await fleet();
    const id = await start();
    await house.tell({ type: 'ReportVMStartFailed', ...seatOf(house, id), message: 'no disk', retryable: true });
    const { epoch } = seatOf(house, id);
    expect(await explained(id)).toMatchObject({
      phase: 'assigned',
      placed: { nodeId: 'mac-01', epoch },
      attempts: [{ nodeId: 'mac-01', message: 'no disk', at: house.clock.now() }],
    });
    await house.tell({ type: 'ReportVMStarted', ...seatOf(house, id), instance: instance() });
    expect(await explained(id)).toMatchObject({ phase: 'running', placed: { nodeId: 'mac-01', epoch } });
    await house.tell({ type: 'ReportVMLost', ...seatOf(house, id), message: 'not on the host' });
    const failed = await explained(id);
    expect(failed).toMatchObject({ phase: 'failed', message: 'not on the host', sentence: 'Failed: not on the host' });
    expect(failed.placed).toBeUndefined();
  });

  it.each(['nobody', '..%2f..', 'a%20b', 'x'.repeat(65)])(
    'is a problem 404 for an id that no VM has: %s',
    async (id) => {
      await fleet();
      const answer = await ask(id);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([
        404,
        'application/problem+json; charset=utf-8',
      ]);
      expect(answer.json()).toMatchObject({ status: 404, title: 'There is no such VM', code: 'VM_UNKNOWN' });
    },
  );

  it('is a problem 503 that says when to come back while no control plane answers', async () => {
    const asked = ask('a');
    await house.pass(2_000);
    const answer = await asked;
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2']);
    expect(answer.json()).toEqual({
      ...{ type: 'about:blank', status: 503, away: 'control-plane' },
      ...{ title: 'The control plane is not available', detail: 'Ask again' },
    });
  });
});

describe('an answer of a control plane that was deposed', () => {
  it('is not passed on when it is older than what this replica shows', async () => {
    const gate = { reachedSequence: 7 };
    const answers = [{ asOf: 6 }, { asOf: 7 }];
    const explainer = new Explainer({ explain: async () => answers.shift() ?? { asOf: 0 } }, gate);
    await expect(explainer.explain('a')).rejects.toMatchObject({ name: 'Unavailable', dependency: 'control-plane' });
    expect(await explainer.explain('a')).toEqual({ asOf: 7 });
  });
});
