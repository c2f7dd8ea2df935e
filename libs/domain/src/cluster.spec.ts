import { emptyCluster, nextDueAt, rememberOutcome, setDue } from './cluster.js';
import { type VmId, vmId } from './ids.js';
import { MAX_REMEMBERED_COMMANDS } from './limits.js';
import { given, samples } from './testing/index.js';
import type { Vm } from './vm/vm.js';

const { push, start } = samples;

describe('remembered outcomes', () => {
  it('are as many as the bound, and the oldest is forgotten first', () => {
    const cluster = emptyCluster();
    for (let n = 0; n <= MAX_REMEMBERED_COMMANDS; n++) rememberOutcome(cluster, `c-${n}`, n, n);
    expect(cluster.outcomes.size).toBe(MAX_REMEMBERED_COMMANDS);
    expect(cluster.outcomes.has('c-0')).toBe(false);
    expect(cluster.outcomes.has('c-1')).toBe(true);
  });

  it('grow with the events of their command', () => {
    const cluster = emptyCluster();
    rememberOutcome(cluster, 'c', 1, 1);
    rememberOutcome(cluster, 'c', 1, 2);
    expect(cluster.outcomes.get('c')).toEqual({ commandSequence: 1, lastSequence: 2 });
    rememberOutcome(cluster, 'c', 1, 3, 'oh');
    expect(cluster.outcomes.get('c')).toEqual({ commandSequence: 1, lastSequence: 3, failed: 'oh' });
  });
});

describe('the next alarm', () => {
  const fleet = () => given(push('t'), start(['a', 'b'], 't')).cluster;
  const vm = (cluster: ReturnType<typeof fleet>, id: string) => cluster.vms.get(vmId(id)) as Vm;

  it('is the earliest, and none when none is set', () => {
    const cluster = fleet();
    expect(nextDueAt(cluster)).toBeUndefined();
    setDue(cluster, vm(cluster, 'a'), 7);
    setDue(cluster, vm(cluster, 'b'), 5);
    expect(nextDueAt(cluster)).toBe(5);
  });

  it('forgets alarms that were moved, cleared, or whose VM is gone', () => {
    const cluster = fleet();
    setDue(cluster, vm(cluster, 'a'), 5);
    setDue(cluster, vm(cluster, 'a'), 9);
    setDue(cluster, vm(cluster, 'b'), 6);
    expect(nextDueAt(cluster)).toBe(6);
    setDue(cluster, vm(cluster, 'b'), undefined);
    expect(nextDueAt(cluster)).toBe(9);
    cluster.vms.delete('a' as VmId);
    expect(nextDueAt(cluster)).toBeUndefined();
  });
});
