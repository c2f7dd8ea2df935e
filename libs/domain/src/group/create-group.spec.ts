import { groupId } from '../ids.js';
import { MAX_GROUPS } from '../limits.js';
import { given, refused, samples } from '../testing/index.js';

const { group } = samples;
const [g, h] = [groupId('g'), groupId('h')];

describe('CreateGroup', () => {
  it('makes a group without members', () => {
    const story = given()
      .when(group('g', { name: 'Builders', description: 'of the north' }))
      .then({ type: 'CreateGroup', groupId: g, name: 'Builders', description: 'of the north' });
    expect(story.cluster.groups.get(g)).toEqual({ id: 'g', name: 'Builders', description: 'of the north' });
  });

  it('gives it a fallback that is there', () => {
    given(group('h'))
      .when(group('g', { fallbackGroupId: 'h' }))
      .then({ type: 'CreateGroup', groupId: g, name: 'group g', description: '', fallbackGroupId: h });
  });

  it.each([
    ['an id that is taken', 'h', {}, { code: 'GROUP_EXISTS', groupId: 'h' }],
    ['an id that is none', 'a/b', {}, { code: 'INVALID', field: 'groupId', message: 'is not a valid id' }],
    ['no name', 'g', { name: '' }, { code: 'INVALID', field: 'name', message: 'must not be empty' }],
    [
      'a long name',
      'g',
      { name: 'x'.repeat(257) },
      { code: 'INVALID', field: 'name', message: 'is 257 characters long: must be at most 256' },
    ],
    [
      'a long description',
      'g',
      { description: 'x'.repeat(4097) },
      { code: 'INVALID', field: 'description', message: 'is 4097 characters long: must be at most 4096' },
    ],
    ['a fallback that is not there', 'g', { fallbackGroupId: 'x' }, { code: 'GROUP_UNKNOWN', groupId: 'x' }],
    ['itself as fallback', 'g', { fallbackGroupId: 'g' }, { code: 'GROUP_CYCLE', path: ['g', 'g'] }],
  ] as const)('says no to %s', (_, id, changed, refusal) => {
    given(group('h')).when(group(id, changed)).then(refused(refusal));
  });

  it('says no to more groups than the limit', () => {
    const story = given();
    for (let n = 0; n < MAX_GROUPS; n++) story.history.say(group(`g${n}`));
    story
      .when(group('one-more'))
      .then(refused({ code: 'OUT_OF_RANGE', field: 'groups', value: MAX_GROUPS + 1, min: 0, max: MAX_GROUPS }));
  });
});
