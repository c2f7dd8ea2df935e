import { emptyCluster } from './cluster.js';
import type { DomainEvent, RecordedEvent } from './events.js';
import { evolve } from './evolve.js';
import { nodeId, templateId, vmId } from './ids.js';
import { DEFAULT_POLICY } from './policy.js';
import { canonical, fold, given, samples } from './testing/index.js';

const { joins, push, start, factsOf, configOf, instance } = samples;
const at = { vmId: vmId('a'), nodeId: nodeId('n') };
const cause = { sequence: 1, id: 'c', actor: 'x', correlationId: 'x' };
const recorded = (sequence: number, event: DomainEvent): RecordedEvent => ({
  sequence,
  id: `c:${sequence}`,
  time: sequence,
  cause,
  event,
});

/** Facts about things that are not there. */
const FACTS: DomainEvent[] = [
  { type: 'VMScheduled', ...at, attempt: 1 },
  { type: 'VMPulling', ...at },
  { type: 'VMPulled', ...at },
  { type: 'VMStarted', ...at, instance: instance() },
  { type: 'VMStartAttemptFailed', ...at, attempt: 1, message: '' },
  { type: 'VMFailedToStart', ...at, message: '' },
  { type: 'UpdateVM', vmId: at.vmId, name: 'x' },
  { type: 'RestartVM', ...at, restarts: 1 },
  { type: 'VMRestarted', ...at, instance: instance(), restarts: 1 },
  { type: 'VMStopped', ...at, instance: instance() },
  { type: 'VMLost', ...at, message: '' },
  { type: 'TerminateVM', ...at },
  { type: 'VMTerminated', ...at },
  { type: 'VMRemoved', vmId: at.vmId },
  { type: 'ConfigNode', nodeId: at.nodeId, config: { drain: true } },
  { type: 'NodeOffline', nodeId: at.nodeId },
  { type: 'NodeOnline', nodeId: at.nodeId },
  { type: 'TemplatePulled', nodeId: at.nodeId, templateId: 't', tag: 'v1' },
  { type: 'DeleteNode', nodeId: at.nodeId },
  { type: 'NodeUnregistered', nodeId: at.nodeId },
  { type: 'DeleteRegistryVm', templateId: templateId('t') },
];

describe('evolve', () => {
  it.each(FACTS.map((fact) => [fact.type, fact] as const))('%s of what is not there changes nothing', (_, fact) => {
    const cluster = emptyCluster();
    evolve(cluster, recorded(1, fact));
    expect([cluster.vms.size, cluster.nodes.size, cluster.templates.size, cluster.pending.size]).toEqual([0, 0, 0, 0]);
    expect(cluster.sequence).toBe(1);
  });

  it('ignores an event that it has folded before', () => {
    const { cluster, history } = given(joins('n'), push('t'), start('a', 't'));
    const before = canonical(cluster);
    history.events.forEach((event) => evolve(cluster, event));
    expect(canonical(cluster)).toEqual(before);
  });

  it('does not mind gaps: events that this build does not know took their place', () => {
    const { history } = given(joins('n'), push('t'), start('a', 't'));
    const spread = history.events.map((event) => ({ ...event, sequence: event.sequence * 10 }));
    const cluster = fold(spread);
    expect(cluster.sequence).toBe(40);
    expect(cluster.vms.get(at.vmId)?.phase).toMatchObject({ at: { epoch: 40 } });
  });

  it('counts the events of the last cause', () => {
    const { cluster } = given(joins('n'), push('t'), start('a', 't'));
    expect(cluster.cause).toEqual({ sequence: 3, events: 2 });
  });

  it('keeps the first of two VMs accepted under one id', () => {
    const { cluster, history } = given(push('t'), start('a', 't', { name: 'first' }));
    const first = history.events.at(-1)?.event;
    if (first?.type !== 'StartVM') throw new Error('a VM was just accepted');
    evolve(cluster, recorded(9, { ...first, request: { templateId: 't', name: 'second' } }));
    expect(cluster.vms.get(at.vmId)?.name).toBe('first');
    expect(cluster.pending.size).toBe(1);
  });

  it('takes over policy and failures', () => {
    const cluster = emptyCluster();
    const policy = { ...DEFAULT_POLICY, startLimitMs: 7 };
    evolve(cluster, recorded(1, { type: 'PolicyChanged', policy }));
    evolve(cluster, recorded(2, { type: 'CommandFailed', commandType: 'StartVM', message: 'oh' }));
    expect(cluster.policy).toEqual(policy);
    expect(cluster.outcomes.get('c')).toEqual({ commandSequence: 1, lastSequence: 2, failed: 'oh' });
  });

  it('keeps the VMs of a node that registers again', () => {
    const { cluster } = given(joins('n'), push('t'), start('a', 't'));
    const again = {
      type: 'NodeRegistered' as const,
      nodeId: at.nodeId,
      facts: factsOf('n'),
      config: configOf(),
      cached: [],
    };
    evolve(cluster, recorded(9, again));
    expect(cluster.nodes.get(at.nodeId)).toMatchObject({ used: { vms: 1 } });
    expect([...(cluster.nodes.get(at.nodeId)?.vms ?? [])]).toEqual(['a']);
  });

  it('drops a node with its last VM once it was deleted, and not before', () => {
    const { cluster } = given(joins('n'), push('t'), start(['a', 'b'], 't'));
    const deleted: DomainEvent = { type: 'DeleteNode', nodeId: at.nodeId };
    const lost = (id: string): DomainEvent => ({ type: 'VMLost', vmId: vmId(id), nodeId: at.nodeId, message: '' });
    const left = [deleted, lost('a'), lost('b')].map((event, n) => {
      evolve(cluster, recorded(10 + n, event));
      return cluster.nodes.size;
    });
    expect(left).toEqual([1, 1, 0]);
  });
});
