import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDoors } from '../testing/api.contract.js';
import { House } from '../testing/house.contract.js';
import { PermissionGroupsModule } from './permission-groups.module.js';

let house: House;
let app: NestFastifyApplication;
beforeEach(async () => {
  house = new House().begin();
  app = await openDoors(house, PermissionGroupsModule);
});
afterEach(async () => {
  await app.close();
  await house.end();
});

const call = async (method: 'GET' | 'PUT' | 'DELETE', path: string, body?: object) => {
  const url = `/api/v2/permission-groups${path}`;
  const answer = await app.inject({ method, url, ...(body && { payload: JSON.stringify(body) }) });
  return { code: answer.statusCode, body: answer.payload === '' ? undefined : answer.json<unknown>() };
};

describe('permission groups', () => {
  it('are filled, listed and emptied; each answer knows of the one before', async () => {
    expect(await call('GET', '')).toEqual({ code: 200, body: [] });
    const ci = { name: 'CI runners', kind: 'group', permissions: ['list_vms', 'start_vm'], resources: [] };
    expect(await call('PUT', '/CI%20runners', { permissions: ['start_vm', 'list_vms'] })).toEqual({
      code: 200,
      body: ci,
    });
    expect(await house.access.permissionsOf(['CI runners'], 'x')).toEqual(new Set(['list_vms', 'start_vm']));
    expect(await call('GET', '/CI%20runners')).toEqual({ code: 200, body: ci });
    expect(await call('GET', '')).toEqual({ code: 200, body: [ci] });
    expect(await call('DELETE', '/CI%20runners')).toEqual({ code: 204, body: undefined });
    expect(await house.access.permissionsOf(['CI runners'], 'x')).toEqual(new Set());
  });

  it('of users and of the registry are apart', async () => {
    await call('PUT', '/ci?kind=user', { permissions: ['list_nodes'] });
    await call('PUT', '/ci?store=registry', { permissions: ['push_vm'] });
    expect(await house.access.permissionsOf(['ci'], 'x')).toEqual(new Set());
    expect(await house.access.permissionsOf([], 'ci')).toEqual(new Set(['list_nodes']));
    expect(await house.access.permissionsOf(['ci'], 'x', 'registry')).toEqual(new Set(['push_vm']));
    expect(await call('GET', '/ci')).toMatchObject({ code: 404, body: { code: 'PERMISSION_GROUP_UNKNOWN' } });
    expect((await call('GET', '?store=registry')).body).toMatchObject([{ name: 'ci', permissions: ['push_vm'] }]);
  });

  it.each<['GET' | 'PUT' | 'DELETE', string, object | undefined, number]>([
    ['GET', '/nobody', undefined, 404],
    ['DELETE', '/nobody', undefined, 404],
    ['PUT', '/ci', { permissions: ['start_vms'] }, 400],
    ['PUT', '/ci', { permissions: 'start_vm' }, 400],
    ['PUT', '/ci', {}, 400],
    ['PUT', '/ci?kind=role', { permissions: [] }, 400],
    ['PUT', '/ci?store=x', { permissions: [] }, 400],
    ['PUT', '/ci?store=registry', { permissions: ['start_vm'] }, 400],
    ['PUT', '/a%0Ab', { permissions: [] }, 400],
  ])('%s %s with %j is a problem: %i', async (method, path, body, code) => {
    expect(await call(method, path, body)).toMatchObject({ code, body: { status: code, title: expect.any(String) } });
  });
});
