import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { GuardedDoors } from '../auth/testing/guarded-doors.contract.js';
import { CONFIG } from '../auth/testing/guarded-doors.contract.js';
import { openDoors } from '../testing/api.contract.js';
import { instance, join, push, seatOf, TEMPLATE_ID } from '../testing/fleet.contract.js';
import { House } from '../testing/house.contract.js';
import type { VmDto } from './vm.dto.js';
import { VmsModule } from './vms.module.js';

let house: House;
let app: NestFastifyApplication;
beforeEach(async () => {
  house = new House().begin();
  app = await openDoors(house, VmsModule);
  await house.tell(push('v1', 'a'));
  await house.tell(join('mac-01'));
});
afterEach(async () => {
  await app.close();
  await house.end();
});

interface VmPage {
  readonly items: VmDto[];
  readonly next?: string;
}

const get = (path: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url: `/api/v2/vms${path}`, headers });
const start = (vmId: string, request = {}) =>
  house.tell({ type: 'StartVM', vmIds: [vmId], request: { templateId: TEMPLATE_ID, ...request } }, 'ci');
const run = (vmId: string) =>
  house.tell({ type: 'ReportVMStarted', ...seatOf(house, vmId), instance: instance() }, 'node/mac-01');

async function end(vmId: string): Promise<void> {
  const seat = seatOf(house, vmId);
  await house.tell({ type: 'TerminateVM', vmId });
  await house.tell({ type: 'ReportVMTerminated', ...seat });
}

/** Terminated VMs leave the lists after a day. */
async function remove(vmId: string): Promise<void> {
  await end(vmId);
  await house.pass(25 * 3_600_000);
  await house.tell({ type: 'RunTimers' });
  expect(await house.vms.get(vmId)).toBeUndefined();
}

describe('GET /api/v2/vms/{id}', () => {
  it('shows the VM as it is, with times as RFC 3339 writes them and its sequence as entity tag', async () => {
    await start('vm-1', { name: 'build', externalId: 'job-7', metadata: { stage: 1 }, priority: 5 });
    await run('vm-1');
    const answer = await get('/vm-1');
    const { last } = house.nats.events;
    expect([answer.statusCode, answer.headers['etag']]).toEqual([200, `"${last}"`]);
    const now = new Date(house.clock.now()).toISOString();
    expect(answer.json()).toEqual({
      ...{ id: 'vm-1', sequence: last, phase: 'running', pulling: false, nodeId: 'mac-01', epoch: last - 1 },
      ...{ name: 'build', externalId: 'job-7', metadata: { stage: 1 }, cpu: 4, memoryMiB: 8192, priority: 5 },
      template: { id: TEMPLATE_ID, name: 'macos', tag: 'v1', version: 0, arch: 'arm64' },
      forwards: [{ name: 'ssh', guestPort: 22 }],
      instance: {
        ...{ uuid: instance().uuid, name: instance().name, status: 'running', hostIp: '10.0.0.11' },
        ...{ guestIp: '192.168.64.7', forwards: [{ name: 'ssh', guestPort: 22, hostPort: 10_000 }] },
        ...{ createdAt: '2026-02-01T09:00:00.000Z', startedAt: '2026-03-01T10:00:05.000Z' },
      },
      ...{ attempts: [], restarts: 0, restartsDone: 0, actor: 'ci' },
      ...{ commandId: expect.any(String) as string, correlationId: expect.any(String) as string },
      ...{ createdAt: now, updatedAt: now, startedAt: now },
    });
  });

  it('is not sent again to whoever has it', async () => {
    await start('vm-1');
    const etag = String((await get('/vm-1')).headers['etag']);
    const same = await get('/vm-1', { 'if-none-match': etag });
    expect([same.statusCode, same.payload, same.headers['etag']]).toEqual([304, '', etag]);
    await run('vm-1');
    expect((await get('/vm-1', { 'if-none-match': etag })).statusCode).toBe(200);
  });

  it.each(['nobody', '..%2f', 'x'.repeat(65)])('is a problem 404 for %s', async (id) => {
    for (const path of [`/${id}`, `/${id}?at=1`, `/${id}/history`]) {
      const answer = await get(path);
      expect([answer.statusCode, answer.json()]).toMatchObject([404, { code: 'VM_UNKNOWN' }]);
    }
  });
});

describe('GET /api/v2/vms', () => {
  it('lists VMs in the order of acceptance, page by page, also by phase, node and external id', async () => {
    for (const n of [1, 2, 3]) await start(`vm-${n}`, { externalId: `job-${n % 2}` });
    await run('vm-1');
    const ids = async (query: string) => (await get(`?${query}`)).json<VmPage>().items.map(({ id }) => id);
    expect(await ids('')).toEqual(['vm-1', 'vm-2', 'vm-3']);
    expect(await ids('phase=running')).toEqual(['vm-1']);
    expect(await ids('node=mac-01')).toEqual(['vm-1', 'vm-2']);
    expect(await ids('externalId=job-1')).toEqual(['vm-1', 'vm-3']);
    expect(await ids('externalId=job-1&phase=pending')).toEqual(['vm-3']);
    const first = (await get('?limit=2')).json<VmPage>();
    expect(first.items.map(({ id }) => id)).toEqual(['vm-1', 'vm-2']);
    const second = (await get(`?limit=2&cursor=${first.next}`)).json<VmPage>();
    expect([second.items.map(({ id }) => id), second.next]).toEqual([['vm-3'], undefined]);
    expect((await get(`?limit=2&phase=running&cursor=${first.next}`)).statusCode).toBe(400);
  });

  it('names what is wrong with a question', async () => {
    const answer = await get('?phase=asleep&nodes=x');
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { invalid: [expect.any(String), expect.any(String)] },
    ]);
  });
});

describe('GET /api/v2/vms/{id}/history', () => {
  it('tells all events about the VM, oldest first, also after it was removed', async () => {
    await start('vm-1');
    await start('vm-2');
    await run('vm-1');
    await remove('vm-1');
    const answer = await get('/vm-1/history');
    const own = house.archive.events.filter(({ subjectId }) => subjectId === 'vm-1');
    expect(answer.payload).toBe(`{"items":[${own.map(({ body }) => body).join(',')}]}`);
    expect(own.map(({ type }) => type)).toEqual([
      'StartVM',
      'VMScheduled',
      'VMStarted',
      'TerminateVM',
      'VMTerminated',
      'VMRemoved',
    ]);
    const newest = (await get('/vm-1/history?order=newest&limit=1')).json<{
      items: { type: string }[];
      next: string;
    }>();
    expect(newest.items[0]?.type).toBe('muster.vm.VMRemoved');
    const next = (await get(`/vm-1/history?order=newest&limit=1&cursor=${newest.next}`)).json<typeof newest>();
    expect(next.items[0]?.type).toBe('muster.vm.VMTerminated');
    expect((await get('/vm-1/history?until=2020-01-01T00:00:00Z')).json()).toEqual({ items: [] });
  });
});

describe('GET /api/v2/vms/{id}?at=', () => {
  const at = async (moment: string | number) => {
    const answer = await get(`/vm-1?at=${moment}`);
    return answer.statusCode === 200 ? answer.json<VmDto>().phase : answer.statusCode;
  };

  it('shows the VM as it was after an event or at a time, also after it was removed', async () => {
    const before = house.clock.now();
    await house.pass(1_000);
    await start('vm-1');
    const accepted = house.nats.events.last - 1;
    await house.pass(1_000);
    await run('vm-1');
    const ran = new Date(house.clock.now()).toISOString();
    await house.pass(1_000);
    const started = house.nats.events.last;
    await remove('vm-1');
    const { last } = house.nats.events;
    expect([await at(accepted - 1), await at(accepted), await at(accepted + 1), await at(started)]).toEqual([
      404,
      'pending',
      'assigned',
      'running',
    ]);
    expect([await at(ran), await at(new Date(before).toISOString())]).toEqual(['running', 404]);
    expect([await at(last - 1), await at(last), await at('2030-01-01T00:00:00Z')]).toEqual(['terminated', 404, 404]);
    expect((await get(`/vm-1?at=${started}`)).headers['etag']).toBe(`"${started}"`);
  });

  it('is a problem 400 for what is no moment, or a place that the log has not come to', async () => {
    await start('vm-1');
    expect([await at('yesterday'), await at('-1'), await at(house.nats.events.last + 1)]).toEqual([400, 400, 400]);
  });

  it('is a problem 410 when what would tell is kept no longer', async () => {
    await start('vm-1');
    await run('vm-1');
    const { last } = house.nats.events;
    house.archive.events.splice(0, last - 1);
    expect([await at(last - 1), await at('2020-01-01T00:00:00Z'), await at(last)]).toEqual([410, 410, 410]);
  });
});

describe('a VM of which no event is kept', () => {
  it('is shown as it is, and its past is a problem 410', async () => {
    await start('vm-1');
    const { last } = house.nats.events;
    await start('vm-2');
    house.archive.events.splice(0, last);
    expect((await get('/vm-1')).statusCode).toBe(200);
    expect((await get(`/vm-1?at=${last + 1}`)).statusCode).toBe(410);
    expect((await get('/vm-1/history')).json()).toEqual({ items: [] });
    expect((await get(`/vm-3?at=${last + 1}`)).statusCode).toBe(404);
  });
});

describe('a caller with a limited reach', () => {
  it('reads VMs of its templates, with their pasts, and no log of everything', async () => {
    const doors = await GuardedDoors.open({ ...CONFIG, usesPermissions: false, usesResources: true });
    await doors.makeKey('ci', ['mine']);
    const authorization = await doors.session('ci');
    const status = async (path: string) => (await doors.call('GET', `/api/v2/${path}`, { authorization })).statusCode;
    for (const templateId of ['seen', 'hidden']) {
      await doors.house.tell(push('v1', 'a', { templateId }));
      await doors.house.tell({ type: 'StartVM', vmIds: [`of-${templateId}`], request: { templateId } });
    }
    const grantee = { kind: 'group', name: 'mine' } as const;
    const resources = [{ id: 'seen', type: 'template', permissions: ['list'] }] as const;
    await doors.house.tell({
      type: 'SetResourcePermissions',
      store: 'controller',
      grantee,
      resources: resources,
    });
    const { last } = doors.house.nats.events;
    for (const path of ['', '/history', `?at=${last}`])
      expect([path, await status(`vms/of-seen${path}`), await status(`vms/of-hidden${path}`)]).toEqual([
        path,
        200,
        404,
      ]);
    for (const path of ['events', 'events/x', 'stream']) expect([path, await status(path)]).toEqual([path, 403]);
    await doors.close();
  });
});
