import type { CloudEvent } from '#events';
import { GuardedDoors } from './testing/guarded-doors.contract.js';

/** What every event of the log says of who asked. */
const askers = (doors: GuardedDoors, type: string) =>
  doors.house
    .logged()
    .split('\n')
    .map((line) => JSON.parse(line) as CloudEvent)
    .filter((message) => message.type.endsWith(type))
    .map(({ actor, authmode, clientaddress }) => ({ actor, authmode, clientaddress }));

describe('the log says who asked, how that was proved, and from where', () => {
  it('in the command and in its events, through a dialect and through our own routes', async () => {
    const doors = await GuardedDoors.open();
    try {
      await doors.makeKey('ci', ['group']);
      const authorization = await doors.session('ci');
      const asker = { actor: 'ci', authmode: 'key', clientaddress: '192.0.2.7' };
      await doors.allow('group', 'create_group');
      const made = { authorization, body: { name: 'fast', description: '' }, from: '192.0.2.7' };
      expect((await doors.call('POST', '/api/v1/group', made)).statusCode).toBe(200);
      expect(askers(doors, '.CreateGroup')).toEqual([asker, asker]);
      await doors.allow('group', 'delete_permission_groups');
      const dropped = { authorization, from: '192.0.2.7' };
      expect((await doors.call('DELETE', '/api/v2/permission-groups/group', dropped)).statusCode).toBe(204);
      expect(askers(doors, '.DeletePermissionGroup').slice(-1)).toEqual([asker]);
    } finally {
      await doors.close();
    }
  });

  it('also when nobody has to prove anything', async () => {
    const doors = await GuardedDoors.open('off');
    try {
      const made = { body: { name: 'fast', description: '' }, from: '2001:db8::7' };
      expect((await doors.call('POST', '/api/v1/group', made)).statusCode).toBe(200);
      const asker = { actor: 'anonymous', authmode: 'none', clientaddress: '2001:db8::7' };
      expect(askers(doors, '.CreateGroup')).toEqual([asker, asker]);
    } finally {
      await doors.close();
    }
  });
});
