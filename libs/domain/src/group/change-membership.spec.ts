import { groupId, nodeId } from '../ids.js';
import { MAX_GROUPS_PER_NODE } from '../limits.js';
import { desiredNode } from '../node/desired.js';
import { given, nothing, refused, samples } from '../testing/index.js';

const { addTo, group, joins, push, removeFrom, start } = samples;
const [g, h] = [groupId('g'), groupId('h')];
const [n, m] = [nodeId('n'), nodeId('m')];
const fleet = [joins('n'), joins('m'), push('t'), group('g'), group('h')];

describe('AddNodesToGroups', () => {
  it('puts every node into every group, and says all groups of each', () => {
    given(...fleet, addTo(['h'], ['n']))
      .when(addTo(['g', 'h'], ['n', 'm', 'n']))
      .then(
        { type: 'NodeGroupsChanged', nodeId: n, groups: [g, h] },
        { type: 'NodeGroupsChanged', nodeId: m, groups: [g, h] },
      );
  });

  it('changes nothing that is so already', () => {
    given(...fleet, addTo(['g'], ['n', 'm']))
      .when(addTo(['g'], ['m', 'n']))
      .then(nothing);
  });

  it('gives VMs that wait for the group their place', () => {
    const story = given(...fleet, start('a', 't', { groupId: 'g' }));
    expect(story.cluster.vms.size).toBe(1);
    story.when(addTo(['g'], ['m']));
    expect(story.happened).toMatchObject([{ type: 'NodeGroupsChanged' }, { type: 'VMScheduled', nodeId: 'm' }]);
  });

  it('outlasts a restart of the node, but not its deletion', () => {
    const story = given(...fleet, addTo(['g'], ['n']), joins('n', { facts: { agentVersion: '9' } }));
    expect([...(story.cluster.nodes.get(n)?.groups ?? [])]).toEqual(['g']);
    story.when({ type: 'DeleteNode', nodeId: 'n' }).when(joins('n'));
    expect(story.cluster.nodes.get(n)?.groups.size).toBe(0);
  });

  it('is all or nothing', () => {
    const story = given(...fleet)
      .when(addTo(['g', 'x'], ['n']))
      .then(refused({ code: 'GROUP_UNKNOWN', groupId: 'x' }))
      .when(addTo(['g'], ['n', 'x']))
      .then(refused({ code: 'NODE_UNKNOWN', nodeId: 'x' }))
      .when(addTo(['g'], []))
      .then(refused({ code: 'OUT_OF_RANGE', field: 'node_ids', value: 0, min: 1, max: 10_000 }))
      .when(addTo([], ['n']))
      .then(refused({ code: 'OUT_OF_RANGE', field: 'group_ids', value: 0, min: 1, max: 1000 }));
    expect(story.cluster.nodes.get(n)?.groups.size).toBe(0);
  });

  it('says no to more groups than a node may be in', () => {
    const ids = Array.from({ length: MAX_GROUPS_PER_NODE + 1 }, (_, index) => `g${index}`);
    given(joins('n'), ...ids.map((id) => group(id)), addTo(ids.slice(1), ['n']))
      .when(addTo(['g0'], ['n']))
      .then(refused({ code: 'OUT_OF_RANGE', field: 'groups of node n', value: 65, min: 0, max: MAX_GROUPS_PER_NODE }));
  });
});

describe('RemoveNodesFromGroups', () => {
  it('takes every node out of every group', () => {
    given(...fleet, addTo(['g', 'h'], ['n', 'm']))
      .when(removeFrom(['g'], ['n', 'm']))
      .then(
        { type: 'NodeGroupsChanged', nodeId: n, groups: [h] },
        { type: 'NodeGroupsChanged', nodeId: m, groups: [h] },
      )
      .when(removeFrom(['g'], ['n']))
      .then(nothing);
  });

  it('leaves alone the VMs that are there, and brings no new ones', () => {
    const story = given(...fleet, addTo(['g'], ['n']), start('a', 't', { groupId: 'g' }), removeFrom(['g'], ['n']));
    expect(desiredNode(story.cluster, n).vms).toHaveLength(1);
    story.when(start('b', 't', { groupId: 'g' }));
    expect(story.happened.map(({ type }) => type)).toEqual(['StartVM']);
  });
});
