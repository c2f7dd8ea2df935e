import { groupId, nodeId } from '../ids.js';
import { given, refused, samples } from '../testing/index.js';
import type { UpdateGroupCommand } from './group-events.js';

const { addTo, group, joins, push, start } = samples;
const update = (id: string, change: Partial<UpdateGroupCommand>): UpdateGroupCommand => ({
  type: 'UpdateGroup',
  groupId: id,
  ...change,
});
const chain = () => given(group('c'), group('b', { fallbackGroupId: 'c' }), group('a', { fallbackGroupId: 'b' }));

describe('UpdateGroup', () => {
  it('changes each field by itself, and says only what is new', () => {
    const story = given(group('g'), group('h'))
      .when(update('g', { name: 'new', description: '' }))
      .then({ type: 'UpdateGroup', groupId: groupId('g'), name: 'new' })
      .when(update('g', { fallbackGroupId: 'h' }))
      .then({ type: 'UpdateGroup', groupId: groupId('g'), fallbackGroupId: groupId('h') });
    expect(story.cluster.groups.get(groupId('g'))).toMatchObject({ name: 'new', fallbackGroupId: 'h' });
    story.when(update('g', { name: 'new', fallbackGroupId: 'h' }));
    expect(story.happened).toEqual([]);
  });

  it('clears the fallback', () => {
    const story = chain()
      .when(update('a', { fallbackGroupId: null }))
      .then({ type: 'UpdateGroup', groupId: groupId('a'), fallbackGroupId: null });
    expect(story.cluster.groups.get(groupId('a'))).toEqual({ id: 'a', name: 'group a', description: '' });
    expect(story.when(update('a', { fallbackGroupId: null })).happened).toEqual([]);
  });

  it('gives VMs that wait a place in the new fallback, and in the fallback of that', () => {
    const fleet = [joins('n'), push('t'), group('c'), group('b', { fallbackGroupId: 'c' }), group('a')];
    const story = given(...fleet, addTo(['c'], ['n']), start('vm', 't', { groupId: 'a' }));
    story.when(update('a', { fallbackGroupId: 'b' }));
    expect(story.happened).toMatchObject([{ type: 'UpdateGroup' }, { type: 'VMScheduled', nodeId: nodeId('n') }]);
  });

  it('says no to a fallback that would lead back, and names the way', () => {
    chain()
      .when(update('c', { fallbackGroupId: 'a' }))
      .then(refused({ code: 'GROUP_CYCLE', path: ['c', 'a', 'b', 'c'] }))
      .when(update('a', { fallbackGroupId: 'a' }))
      .then(refused({ code: 'GROUP_CYCLE', path: ['a', 'a'] }));
  });

  it('says no to what is not there and to words that are not', () => {
    given(group('g'))
      .when(update('x', { name: 'y' }))
      .then(refused({ code: 'GROUP_UNKNOWN', groupId: 'x' }))
      .when(update('g', { fallbackGroupId: 'x' }))
      .then(refused({ code: 'GROUP_UNKNOWN', groupId: 'x' }))
      .when(update('g', { name: '' }))
      .then(refused({ code: 'INVALID', field: 'name', message: 'must not be empty' }));
  });
});
