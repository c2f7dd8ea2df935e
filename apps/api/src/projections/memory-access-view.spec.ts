import { VirtualClock } from '#events/testing';
import { apiKeyRowId, type Grantee, permissionRowId, type PermissionGroupRow } from '../views/index.js';
import { HandmadeAccess, MemoryAccessView } from './memory-access-view.js';

const clock = new VirtualClock(1000);
const rows = new HandmadeAccess();
const view = new MemoryAccessView(rows, clock);

const grant = (grantee: Grantee, permissions: string[], nodes: string[] = []): PermissionGroupRow => ({
  ...grantee,
  id: permissionRowId('controller', grantee),
  sequence: 1,
  store: 'controller',
  permissions,
  resources: nodes.map((id) => ({ id, type: 'node', permissions: ['list'] })),
});
const key = (keyId: string, groups: string[], expiresAt: number) => ({
  ...{ id: apiKeyRowId('controller', keyId), keyId, groups, expiresAt },
  ...{ sequence: 1, store: 'controller' as const, publicKey: 'MIIB', createdAt: 0 },
});
rows.permissionGroups.push(
  grant({ kind: 'group', name: 'ci' }, ['list_vms', 'start_vm'], ['n1']),
  grant({ kind: 'group', name: 'ops' }, ['list_nodes'], ['n2']),
  grant({ kind: 'user', name: 'ci' }, ['terminate_vm']),
);
rows.apiKeys.push(key('b', [], 5000), key('ci', ['ops', 'gone'], 2000));

describe('the view of keys and permissions', () => {
  it('adds up what the groups of a caller and its own name allow', async () => {
    expect(await view.permissionsOf(['ci', 'unknown'], 'x')).toEqual(new Set(['list_vms', 'start_vm']));
    expect(await view.permissionsOf(['ci', 'ops'], 'ci')).toEqual(
      new Set(['list_vms', 'start_vm', 'list_nodes', 'terminate_vm']),
    );
    expect(await view.permissionsOf(['list_vms'], 'ops')).toEqual(new Set());
    expect((await view.resourcesOf(['ci', 'ops'])).map(({ id }) => id)).toEqual(['n1', 'n2']);
  });

  it('keeps what is of the registry apart', async () => {
    expect(await view.permissionsOf(['ci'], 'ci', 'registry')).toEqual(new Set());
    expect(await view.apiKeys('registry')).toEqual([]);
    expect(await view.permissionGroups('registry')).toEqual([]);
  });

  it('shows a key until the moment of its expiry', async () => {
    expect((await view.apiKeys()).map(({ keyId }) => keyId)).toEqual(['b', 'ci']);
    expect(await view.keyAccess('ci')).toMatchObject({ permissions: new Set(['list_nodes', 'terminate_vm']) });
    await clock.advanceBy(1000);
    expect(await view.apiKey('ci')).toBeUndefined();
    expect(await view.keyAccess('ci')).toBeUndefined();
    expect((await view.apiKeys()).map(({ keyId }) => keyId)).toEqual(['b']);
  });

  it('tells a group from the user of that name', async () => {
    expect(await view.permissionGroup({ kind: 'user', name: 'ci' })).toMatchObject({ permissions: ['terminate_vm'] });
    expect(await view.permissionGroup({ kind: 'user', name: 'ops' })).toBeUndefined();
    expect((await view.permissionGroups()).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'group ci',
      'group ops',
      'user ci',
    ]);
  });
});
