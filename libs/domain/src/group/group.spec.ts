import { nodeId } from '../ids.js';
import { explain } from '../placement/explain.js';
import { given, samples, type Story } from '../testing/index.js';
import { groupChain } from './group.js';

const { addTo, group, joins, push, start } = samples;
const chain = [group('c'), group('b', { fallbackGroupId: 'c' }), group('a', { fallbackGroupId: 'b' })];
const scheduled = ({ happened }: Story) =>
  happened.flatMap((event) => (event.type === 'VMScheduled' ? [event.nodeId] : []));

describe('the fallbacks of a group', () => {
  it('are tried in their order', () => {
    const { cluster } = given(...chain);
    expect(groupChain(cluster, 'a')).toEqual(['a', 'b', 'c']);
    expect(groupChain(cluster, 'c')).toEqual(['c']);
  });
});

describe('a VM that asks for a group', () => {
  it('goes to a node in the group or in a fallback of it, and to no other', () => {
    const story = given(joins('n'), joins('m'), push('t'), ...chain, addTo(['c'], ['m']));
    expect(scheduled(story.when(start(['x', 'y', 'z'], 't', { groupId: 'a' })))).toEqual([nodeId('m'), nodeId('m')]);
  });

  it('waits for members when the group has none, and can say so', () => {
    const story = given(joins('n'), push('t'), ...chain).when(start('x', 't', { groupId: 'a' }));
    expect(explain(story.cluster, 'x')).toMatchObject({ waits: { counts: { 'not-in-group': 1 }, impossible: true } });
    expect(explain(story.cluster, 'x')?.sentence).toContain('1 outside group a');
    expect(scheduled(story.when(addTo(['b'], ['n'])))).toEqual([nodeId('n')]);
  });

  it('does not stand in the way of one that does not', () => {
    const story = given(joins('n'), push('t'), group('a'), start('x', 't', { groupId: 'a' }));
    expect(scheduled(story.when(start('y', 't')))).toEqual([nodeId('n')]);
  });
});
