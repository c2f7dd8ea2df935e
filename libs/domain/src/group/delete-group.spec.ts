import { groupId, nodeId, vmId } from '../ids.js';
import { given, refused, samples } from '../testing/index.js';

const { addTo, deleteGroup, group, joins, push, start, startFailed, started } = samples;
const g = groupId('g');
const fleet = [joins('n'), push('t'), group('g'), group('h', { fallbackGroupId: 'g' })];

describe('DeleteGroup', () => {
  it('leaves nobody in it and nobody falling back to it', () => {
    const story = given(...fleet, joins('m'), addTo(['g', 'h'], ['n']), addTo(['h'], ['m']))
      .when(deleteGroup('g'))
      .then(
        { type: 'DeleteGroup', groupId: g },
        { type: 'UpdateGroup', groupId: groupId('h'), fallbackGroupId: null },
        { type: 'NodeGroupsChanged', nodeId: nodeId('n'), groups: [groupId('h')] },
      );
    expect([...story.cluster.groups.keys()]).toEqual(['h']);
  });

  it('fails the VMs that wait for it, and no others', () => {
    given(...fleet, start(['a', 'b'], 't', { groupId: 'g' }), start('c', 't', { groupId: 'h' }))
      .when(deleteGroup('g'))
      .then(
        { type: 'DeleteGroup', groupId: g },
        { type: 'UpdateGroup', groupId: groupId('h'), fallbackGroupId: null },
        { type: 'VMFailedToStart', vmId: vmId('a'), message: 'group was deleted' },
        { type: 'VMFailedToStart', vmId: vmId('b'), message: 'group was deleted' },
      );
  });

  it('leaves alone a VM that has a node; if its start fails, it does not wait for the group', () => {
    const story = given(...fleet, addTo(['g'], ['n']), start(['a', 'b'], 't', { groupId: 'g' }), started('a'));
    story.when(deleteGroup('g'));
    expect([...story.cluster.vms.values()].map(({ phase }) => phase.name)).toEqual(['running', 'assigned']);
    story.when(startFailed('b')).then({ type: 'VMFailedToStart', vmId: vmId('b'), message: 'no luck' });
  });

  it('knows no group that is not there', () => {
    given(group('g'), deleteGroup('g'))
      .when(deleteGroup('g'))
      .then(refused({ code: 'GROUP_UNKNOWN', groupId: 'g' }));
  });
});
