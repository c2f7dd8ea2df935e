import { nodeId, vmId } from '../ids.js';
import { given, nothing, refused, samples } from '../testing/index.js';

const { joins, push, start, started, stopped, lost, restart, restarted, terminate, instance, report } = samples;
const fleet = [joins('n'), push('t'), start('a', 't')];
const at = { vmId: vmId('a'), nodeId: nodeId('n') };

describe('RestartVM', () => {
  it('counts the wishes for a restart, and leaves the VM started', () => {
    const story = given(...fleet, started('a'))
      .when(restart('a'))
      .then({ type: 'RestartVM', ...at, restarts: 1 })
      .when(restart('a'))
      .then({ type: 'RestartVM', ...at, restarts: 2 });
    expect(story.cluster.vms.get(at.vmId)?.phase.name).toBe('running');
  });

  it('is done when the node reports a later start', () => {
    given(...fleet, started('a'), restart('a'))
      .when(restarted('a', 5_000))
      .then({ type: 'VMRestarted', ...at, instance: instance({ startedAt: 5_000 }), restarts: 1 })
      .when(restarted('a', 5_000))
      .then(nothing)
      .when(restarted('a', 4_000))
      .then(nothing);
  });

  it('keeps the room of a VM that is found powered off in the middle of it', () => {
    const full = [joins('n', { config: { capacity: 1 } }), push('t'), start('a', 't'), start('b', 't'), started('a')];
    const off = instance({ status: 'stopped', stoppedAt: 3_000 });
    const story = given(...full, restart('a'))
      .when(stopped('a'))
      .then({ type: 'VMStopped', ...at, instance: off })
      .when(restarted('a', 5_000))
      .then({ type: 'VMRestarted', ...at, instance: instance({ startedAt: 5_000 }), restarts: 1 });
    expect(story.cluster.nodes.get(at.nodeId)?.used.vms).toBe(1);
    expect(story.cluster.vms.get(vmId('b'))?.phase.name).toBe('pending');
  });

  it('was done when what powered itself off had been booted since, though nobody said so; its room is free', () => {
    const off = instance({ status: 'stopped', startedAt: 5_000, stoppedAt: 6_000 });
    const story = given(...fleet, started('a'), restart('a'))
      .when(report('a', { type: 'ReportVMStopped', instance: off }))
      .then(
        { type: 'VMRestarted', ...at, instance: instance({ startedAt: 5_000 }), restarts: 1 },
        { type: 'VMStopped', ...at, instance: off },
      );
    expect(story.cluster.nodes.get(at.nodeId)?.used.vms).toBe(0);
  });

  it.each([
    ['waits', [push('t'), start('a', 't')], 'pending'],
    ['is starting', fleet, 'assigned'],
    ['is powered off', [...fleet, started('a'), stopped('a')], 'stopped'],
    ['is lost', [...fleet, started('a'), lost('a')], 'failed'],
    ['is ending', [...fleet, started('a'), terminate('a')], 'terminating'],
  ])('says no to a VM that %s', (_, earlier, phase) => {
    given(...earlier)
      .when(restart('a'))
      .then(refused({ code: 'VM_NOT_RUNNING', vmId: 'a', phase }));
  });

  it('knows no VM that is not there', () => {
    given()
      .when(restart('a'))
      .then(refused({ code: 'VM_UNKNOWN', vmId: 'a' }));
  });
});
