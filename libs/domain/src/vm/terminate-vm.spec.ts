import { nodeId, vmId } from '../ids.js';
import { given, nothing, refused, samples } from '../testing/index.js';
import { TERMINATED_BY_CONTROLLER } from './terminate-vm.js';

const { joins, push, start, started, startFailed, stopped, lost, terminate, terminated, pulling, instance } = samples;
const a = vmId('a');
const fleet = [joins('n', { config: { capacity: 1 } }), push('t'), start('a', 't')];

describe('TerminateVM', () => {
  it('ends a waiting VM at once', () => {
    given(push('t'), start('a', 't'))
      .when(terminate('a'))
      .then({ type: 'TerminateVM', vmId: a }, { type: 'VMTerminated', vmId: a, message: TERMINATED_BY_CONTROLLER });
  });

  it.each([
    ['is starting', []],
    ['is being pulled', [pulling('a')]],
    ['runs', [started('a')]],
    ['is powered off', [started('a'), stopped('a')]],
  ])('asks the node to end a VM that %s', (_, earlier) => {
    given(...fleet, ...earlier)
      .when(terminate('a'))
      .then({ type: 'TerminateVM', vmId: a, nodeId: nodeId('n') })
      .when(terminated('a'))
      .then({ type: 'VMTerminated', vmId: a, nodeId: nodeId('n') });
  });

  it('ends a failed VM of which nothing is left at once', () => {
    given(...fleet, started('a'), lost('a'))
      .when(terminate('a'))
      .then({ type: 'TerminateVM', vmId: a }, { type: 'VMTerminated', vmId: a, message: TERMINATED_BY_CONTROLLER });
  });

  it('asks the node to end what is left of a failed VM', () => {
    const failed = samples.report('a', {
      type: 'ReportVMStartFailed',
      message: 'script failed',
      retryable: false,
      instance: instance(),
    });
    given(...fleet, failed)
      .when(terminate('a'))
      .then({ type: 'TerminateVM', vmId: a, nodeId: nodeId('n') });
  });

  it('changes nothing when it is asked again', () => {
    given(...fleet, terminate('a'))
      .when(terminate('a'))
      .then(nothing);
    given(push('t'), start('a', 't'), terminate('a')).when(terminate('a')).then(nothing);
  });

  it('wins over whatever the node still says of the start', () => {
    const story = given(...fleet, pulling('a'), terminate('a'));
    for (const late of [samples.pulled('a'), started('a'), startFailed('a'), stopped('a'), lost('a')])
      story.when(late).then(nothing);
    expect(story.cluster.vms.get(a)?.phase.name).toBe('terminating');
  });

  it('keeps the seat taken until the node says that nothing is left', () => {
    const story = given(...fleet, started('a'), terminate('a'), start('b', 't'));
    expect(story.cluster.vms.get(vmId('b'))?.phase.name).toBe('pending');
    story
      .when(terminated('a'))
      .then(
        { type: 'VMTerminated', vmId: a, nodeId: nodeId('n') },
        { type: 'VMScheduled', vmId: vmId('b'), nodeId: nodeId('n'), attempt: 1 },
      );
  });

  it('takes no room anew from the VM that got the place of a powered off one', () => {
    const story = given(...fleet, start('b', 't'), started('a'), stopped('a'));
    expect(story.cluster.vms.get(vmId('b'))?.phase.name).toBe('assigned');
    story.when(terminate('a'));
    expect(story.cluster.nodes.get(nodeId('n'))?.used.vms).toBe(1);
  });

  it('knows no VM that is not there', () => {
    given()
      .when(terminate('a'))
      .then(refused({ code: 'VM_UNKNOWN', vmId: 'a' }));
  });
});
