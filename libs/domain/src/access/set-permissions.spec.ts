import { MAX_PERMISSION_GROUPS } from '../limits.js';
import { given, nothing, refused, samples } from '../testing/index.js';
import type { Grantee, ResourceGrant } from './access.js';

const { allow, allowOn, disallow } = samples;
const node = (id: string, ...permissions: string[]): ResourceGrant => ({ id, type: 'node', permissions });
const template = (id: string, ...permissions: string[]): ResourceGrant => ({ id, type: 'template', permissions });

describe('SetGroupPermissions', () => {
  it('says what a group may do, in order and each once', () => {
    const story = given().when(allow('Dev & Ops', ['start_vm', 'list_vms', 'start_vm']));
    story.then(allow('Dev & Ops', ['list_vms', 'start_vm']));
    expect(story.cluster.permissionGroups.get('controller/group/Dev & Ops')).toMatchObject({
      permissions: ['list_vms', 'start_vm'],
      resources: [],
    });
  });

  it('replaces what was said before, and says nothing twice', () => {
    const story = given(allow('ci', ['list_vms']));
    story.when(allow('ci', ['start_vm'])).then(allow('ci', ['start_vm']));
    story.when(allow('ci', ['start_vm'])).then(nothing);
    story.when(allow('ci', [])).then(allow('ci', []));
  });

  it('makes a group known that may do nothing', () => {
    given().when(allow('ci', [])).then(allow('ci', []));
  });

  it('tells the user of a name from the group, and the registry from the controller', () => {
    const story = given(allow('ci', ['list_vms']));
    story.when(allow('ci', ['list_vms'], 'user')).then(allow('ci', ['list_vms'], 'user'));
    const registry = { ...allow('ci', ['list_vms']), store: 'registry' as const };
    story.when(registry).then(registry);
    expect(story.cluster.permissionGroups.size).toBe(3);
  });

  it('says no to permissions that are no names, and to too many', () => {
    const message = 'must be names of at most 32 of a–z, 0–9 and _';
    for (const name of ['', 'List VMs', 'x'.repeat(33)])
      given()
        .when(allow('ci', [name]))
        .then(refused({ code: 'INVALID', field: 'permissions', message }));
    const many = Array.from({ length: 65 }, (_, n) => `p${n}`);
    given()
      .when(allow('ci', many))
      .then(refused({ code: 'OUT_OF_RANGE', field: 'permissions', value: 65, min: 0, max: 64 }));
  });

  it('says no to a grantee without a name, or of another kind', () => {
    const message = 'must have 1 to 128 characters, none of them a control character';
    given()
      .when(allow('', []))
      .then(refused({ code: 'INVALID', field: 'name', message }));
    given()
      .when(allow('ci', [], 'role' as Grantee['kind']))
      .then(refused({ code: 'INVALID', field: 'kind', message: 'is "role": must be one of group, user' }));
  });

  it('says no to more groups than the limit, and yes to those that are there', () => {
    const story = given();
    for (let n = 0; n < MAX_PERMISSION_GROUPS; n++) story.history.say(allow(`g${n}`, []));
    story.when(allow('g0', ['list_vms'])).then(allow('g0', ['list_vms']));
    story.when(allow('one-more', [])).then(
      refused({
        code: 'OUT_OF_RANGE',
        field: 'permission groups',
        value: MAX_PERMISSION_GROUPS + 1,
        min: 0,
        max: MAX_PERMISSION_GROUPS,
      }),
    );
  });
});

describe('SetResourcePermissions', () => {
  it('says what may be done with nodes and templates, each once and in order', () => {
    given()
      .when(
        allowOn('ci', [template('t', 'pull'), node('b', 'remove', 'list'), node('a'), node('b', 'list', 'distribute')]),
      )
      .then(allowOn('ci', [node('b', 'distribute', 'list', 'remove'), template('t', 'pull')]));
  });

  it('leaves what the group may do everywhere as it is', () => {
    const story = given(allow('ci', ['list_vms']), allowOn('ci', [node('a', 'list')]));
    expect([...story.cluster.permissionGroups.values()]).toMatchObject([
      { permissions: ['list_vms'], resources: [node('a', 'list')] },
    ]);
    story.when(allowOn('ci', [node('a', 'list'), node('b')])).then(nothing);
    story.when(allowOn('ci', [])).then(allowOn('ci', []));
  });

  it('says nothing of a group that is not there and gets nothing', () => {
    given().when(allowOn('ci', [])).then(nothing);
  });

  it.each([
    [node('a/b', 'list'), { code: 'INVALID', field: 'id', message: 'is not a valid id' }],
    [
      { id: 'a', type: 'vm' as 'node', permissions: ['list'] },
      { code: 'INVALID', field: 'type', message: 'is "vm": must be one of node, template' },
    ],
    [
      node('a', ...Array.from({ length: 17 }, (_, n) => `p${n}`)),
      { code: 'OUT_OF_RANGE', field: 'permissions', value: 17, min: 0, max: 16 },
    ],
  ] as const)('says no to %j', (resource, refusal) => {
    given()
      .when(allowOn('ci', [resource]))
      .then(refused(refusal));
  });

  it('says no to more resources than fit into an event', () => {
    const many = Array.from({ length: 1001 }, (_, n) => node(`n${n}`, 'list'));
    given()
      .when(allowOn('ci', many))
      .then(refused({ code: 'OUT_OF_RANGE', field: 'resources', value: 1001, min: 0, max: 1000 }));
  });
});

describe('DeletePermissionGroup', () => {
  it('takes everything from the grantee, and from nobody else', () => {
    const story = given(allow('ci', ['list_vms']), allowOn('ci', [node('a', 'list')]), allow('ci', [], 'user'));
    story.when(disallow('ci')).then(disallow('ci'));
    expect([...story.cluster.permissionGroups.keys()]).toEqual(['controller/user/ci']);
    story.when(disallow('ci')).then(refused({ code: 'PERMISSION_GROUP_UNKNOWN', name: 'ci' }));
  });
});
