import type { RecordedEvent } from '#domain';
import { given, samples } from '../../../../libs/domain/src/testing/index.js';
import { START_OF_TIME } from '../../../../libs/domain/src/testing/history.js';
import type { AccessView } from '../views/index.js';

const { allow, allowOn, apiKey, deleteKey, disallow } = samples;

/** When the view is looked at, unix ms. */
export const LOOKED_AT = START_OF_TIME + 60_000;

export interface AccessUnderTest {
  readonly access: AccessView;
  commit(events: readonly RecordedEvent[]): Promise<void>;
}

/** What every form of the view of keys and permissions says. */
export function accessViewContract(under: () => AccessUnderTest): void {
  const story = () =>
    given(
      allow('ci', ['start_vm', 'list_vms']),
      allow('Dev > "Ops"', ['list_nodes']),
      allow('ci', ['terminate_vm'], 'user'),
      allowOn('ci', [{ id: 'n1', type: 'node', permissions: ['list'] }]),
      allowOn('only-resources', [{ id: 't1', type: 'template', permissions: ['pull'] }]),
      { ...allow('ci', ['push_vm']), store: 'registry' },
      apiKey('b', LOOKED_AT + 1, { groups: ['ci', 'Dev > "Ops"', 'unknown'] }),
      apiKey('ci', LOOKED_AT + 1),
      apiKey('expires', LOOKED_AT),
      apiKey('leaves', LOOKED_AT + 1),
      apiKey('b', LOOKED_AT + 1, { store: 'registry', groups: ['ci'] }),
      deleteKey('leaves'),
    ).history;

  test('adds up what the groups of a caller and its own name allow', async () => {
    const { access, commit } = under();
    await commit(story().events);
    expect(await access.permissionsOf(['ci', 'unknown'], 'x')).toEqual(new Set(['list_vms', 'start_vm']));
    expect(await access.permissionsOf(['ci', 'Dev > "Ops"'], 'ci')).toEqual(
      new Set(['list_vms', 'start_vm', 'list_nodes', 'terminate_vm']),
    );
    expect(await access.permissionsOf(['list_vms', 'a\u0000b'], 'Dev > "Ops"')).toEqual(new Set());
    expect(await access.permissionsOf(['ci'], 'ci', 'registry')).toEqual(new Set(['push_vm']));
    expect(await access.resourcesOf(['ci', 'only-resources'])).toEqual([
      { id: 'n1', type: 'node', permissions: ['list'] },
      { id: 't1', type: 'template', permissions: ['pull'] },
    ]);
    expect(await access.resourcesOf([], 'ci')).toEqual([]);
  });

  test('shows the keys that work, each with what it allows', async () => {
    const { access, commit } = under();
    await commit(story().events);
    expect((await access.apiKeys()).map(({ keyId }) => keyId)).toEqual(['b', 'ci']);
    expect((await access.apiKeys('registry')).map(({ keyId }) => keyId)).toEqual(['b']);
    const key = await access.apiKey('b');
    expect(key).toMatchObject({
      store: 'controller',
      groups: ['Dev > "Ops"', 'ci', 'unknown'],
      createdAt: START_OF_TIME + 7,
    });
    expect(await access.keyAccess('b')).toEqual({
      key,
      permissions: new Set(['list_vms', 'start_vm', 'list_nodes']),
    });
    expect((await access.keyAccess('ci'))?.permissions).toEqual(new Set(['terminate_vm']));
    expect((await access.keyAccess('b', 'registry'))?.permissions).toEqual(new Set(['push_vm']));
    for (const gone of ['expires', 'leaves', 'nobody', 'a\u0000b']) {
      expect(await access.apiKey(gone)).toBeUndefined();
      expect(await access.keyAccess(gone)).toBeUndefined();
    }
  });

  test('follows every change at once', async () => {
    const { access, commit } = under();
    const history = story();
    const tell = async (...said: Parameters<typeof history.say>[0][]) => {
      const from = history.events.length;
      said.forEach((command) => history.say(command));
      await commit(history.events.slice(from));
    };
    await commit(history.events);
    await tell(allow('ci', ['start_vm']), { type: 'UpdateApiKey', store: 'controller', keyId: 'b', groups: ['ci'] });
    expect((await access.keyAccess('b'))?.permissions).toEqual(new Set(['start_vm']));
    await tell(disallow('ci'), { type: 'UpdateApiKey', store: 'controller', keyId: 'b', expiresAt: LOOKED_AT + 2 });
    expect(await access.keyAccess('b')).toMatchObject({ key: { expiresAt: LOOKED_AT + 2, groups: ['ci'] } });
    expect((await access.keyAccess('b'))?.permissions).toEqual(new Set());
    expect(await access.resourcesOf(['ci'])).toEqual([]);
    await tell(allow('ci', ['list_vms']));
    expect(await access.permissionGroup({ kind: 'group', name: 'ci' })).toMatchObject({
      permissions: ['list_vms'],
      resources: [],
    });
  });

  test('tells a group from the user of that name', async () => {
    const { access, commit } = under();
    await commit(story().events);
    expect(await access.permissionGroup({ kind: 'user', name: 'ci' })).toMatchObject({ permissions: ['terminate_vm'] });
    expect(await access.permissionGroup({ kind: 'user', name: 'only-resources' })).toBeUndefined();
    expect((await access.permissionGroups()).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'group Dev > "Ops"',
      'group ci',
      'group only-resources',
      'user ci',
    ]);
    expect(await access.permissionGroups('registry')).toMatchObject([{ name: 'ci', permissions: ['push_vm'] }]);
  });
}
