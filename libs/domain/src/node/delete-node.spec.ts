import { nodeId, vmId } from '../ids.js';
import { given, nothing, refused, samples } from '../testing/index.js';
import type { Said } from '../testing/index.js';

const { joins, push, start, started, stopped, lost, startFailed, pulling, terminate, report, instance } = samples;
const at = { vmId: vmId('a'), nodeId: nodeId('n') };
const fleet = [joins('n', { config: { capacity: 9 } }), push('t'), start('a', 't')];

describe.each([
  ['DeleteNode', { type: 'DeleteNode' as const, nodeId: 'n' }, 'DeleteNode' as const, 'node was deleted'],
  [
    'UnregisterNode',
    { type: 'UnregisterNode' as const, nodeId: 'n' },
    'NodeUnregistered' as const,
    'node left the fleet',
  ],
])('%s', (_, command, type, message) => {
  const gone = { type, nodeId: at.nodeId };

  it('takes an empty node out at once', () => {
    const story = given(joins('n')).when(command).then(gone);
    expect(story.cluster.nodes.size).toBe(0);
  });

  it.each<[string, Said[]]>([
    ['runs', [started('a')]],
    ['is powered off', [started('a'), stopped('a')]],
  ])('loses a VM that %s', (_name, earlier) => {
    const story = given(...fleet, ...earlier)
      .when(command)
      .then(gone, { type: 'VMLost', ...at, message });
    expect(story.cluster.vms.get(at.vmId)?.phase).toMatchObject({ name: 'failed', message });
    expect(story.cluster.nodes.size).toBe(0);
  });

  it('loses what was left of a failed VM', () => {
    const failed = { type: 'ReportVMStartFailed', message: 'script', retryable: false, instance: instance() } as const;
    given(...fleet, report('a', failed))
      .when(command)
      .then(gone, { type: 'VMLost', ...at, message });
  });

  it('has nothing to say of a failed VM of which nothing was left', () => {
    given(...fleet, startFailed('a', false))
      .when(command)
      .then(gone);
    given(...fleet, started('a'), lost('a'))
      .when(command)
      .then(gone);
  });

  it('ends a VM that was ending', () => {
    given(...fleet, started('a'), terminate('a'))
      .when(command)
      .then(gone, { type: 'VMTerminated', ...at, message });
  });

  it('sends a start in progress elsewhere', () => {
    given(...fleet, pulling('a'), joins('m'))
      .when(command)
      .then(
        gone,
        { type: 'VMStartAttemptFailed', ...at, attempt: 1, message },
        { type: 'VMScheduled', vmId: at.vmId, nodeId: nodeId('m'), attempt: 2 },
      );
  });

  it('lets a start wait that no other node can take', () => {
    given(...fleet)
      .when(command)
      .then(gone, { type: 'VMStartAttemptFailed', ...at, attempt: 1, message });
  });

  it('fails what may run nowhere else, whether it was starting or waiting', () => {
    const pinned = start(['p', 'q'], 't', { nodeId: 'n' });
    given(joins('n', { config: { capacity: 1 } }), joins('m', { config: { drain: true } }), push('t'), pinned)
      .when(command)
      .then(
        gone,
        { type: 'VMFailedToStart', vmId: vmId('p'), message },
        { type: 'VMFailedToStart', vmId: vmId('q'), message },
      );
  });

  it('tells of the VMs in the order of their ids', () => {
    const story = given(...fleet, start('c', 't'), start('b', 't'), started('b'), started('a'), started('c'));
    const ids = story.when(command).happened.map((event) => ('vmId' in event ? event.vmId : ''));
    expect(ids).toEqual(['', 'a', 'b', 'c']);
  });

  it('makes later reports of the node about its VMs mean nothing', () => {
    const story = given(...fleet);
    const said = started('a')(story.cluster);
    story.when(command).when(said).then(nothing);
  });
});

describe('a node that is not there', () => {
  it('cannot be deleted', () => {
    const unknown = refused({ code: 'NODE_UNKNOWN', nodeId: 'n' });
    given().when({ type: 'DeleteNode', nodeId: 'n' }).then(unknown);
    given(joins('n'), { type: 'DeleteNode', nodeId: 'n' }).when({ type: 'DeleteNode', nodeId: 'n' }).then(unknown);
  });

  it('may leave', () => {
    given().when({ type: 'UnregisterNode', nodeId: 'n' }).then(nothing);
  });
});
