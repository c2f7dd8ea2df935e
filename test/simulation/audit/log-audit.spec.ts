import { auditHosts } from './end-audit.js';
import {
  breaches,
  change,
  defer,
  ends,
  newLog,
  node,
  place,
  policy,
  read,
  resources,
  seated,
  start,
  vm,
} from './forged-log.js';

beforeEach(newLog);

describe('the auditor', () => {
  it('finds nothing in an honest life', () => {
    const life = [...seated(), vm('VMStarted'), vm('TerminateVM'), vm('VMTerminated'), vm('VMRemoved')];
    expect(breaches(life)).toBe('');
  });

  it.each([
    ['by number', () => [node(2), start(), start('v2'), place(), place('v2')]],
    ['by resources', () => [resources(), start(), place(), start('v2', 1000, { cpu: 2 }), place('v2')]],
  ])('finds nothing wrong with a node that is exactly full %s', (_, life) => expect(breaches(life())).toBe(''));

  it('counts what it looked at, law by law', () => {
    const { checks } = read(seated()).laws;
    expect(checks.get('a VM has one seat')).toBe(1);
    expect(checks.get('the log has one order')).toBe(12);
  });

  it.each([
    ['two seats', () => [...seated(), node(1, 'n2'), place('v1', 'n2')], 'has a seat on n1'],
    ['a node above capacity', () => [...seated(), start('v2'), place('v2')], 'holds 2 of 1'],
    [
      'a node above its cores',
      () => [resources(), start(), place(), start('v2'), place('v2')],
      'n1 holds 8 of 6 vCPUs',
    ],
    [
      'a node above its memory',
      () => [resources({ vcpuOverride: 99 }), start('v1', 1, { memoryMiB: 8193 }), place()],
      'n1 holds 8193 of 8192 MiB',
    ],
    ['a resurrection', () => [...seated(), vm('TerminateVM'), vm('VMStarted')], 'rose after'],
    ['a seat for a terminated VM', () => [node(1), start(), vm('TerminateVM'), place()], 'was terminated'],
    ['a VM accepted twice', () => [start(), start()], 'accepted twice'],
    ['an end that nobody asked for', () => [...seated(), vm('VMTerminated')], 'nobody asked'],
    ['a VM announced twice', () => [...seated(), vm('VMStarted'), vm('VMStarted')], 'announced already'],
    ['a fact about a VM that was never accepted', () => [vm('VMStarted')], 'never accepted'],
    ['a removal before the end', () => [...seated(), vm('VMRemoved')], 'had not ended'],
    ['an id used twice', () => [start(), { ...start('v2'), id: 'e1' }], 'occurs twice'],
    ['a gap', () => [start(), { ...start('v2'), sequence: 9 }], 'follows'],
    ['a step back in time', () => [start(), { ...start('v2'), time: new Date(0).toISOString() }], 'back in time'],
    [
      'a draining node',
      () => [node(1), change('ConfigNode', { config: { drain: true } }), start(), place()],
      'draining',
    ],
    ['a silent node', () => [node(1), change('NodeOffline'), start(), place()], 'is silent'],
    ['a node that left', () => [node(1), change('DeleteNode'), start(), place()], 'has left'],
    [
      'the wrong processor',
      () => [resources(), start('v1', 1, { image: { arch: 'arm64' } }), place()],
      'is amd64 and not arm64',
    ],
    ['an overtaking', () => [node(2), start('v1', 500), start('v2', 1000), place('v2')], 'v1 of the same kind'],
    ['an overtaking by a later equal', () => [node(2), start(), start('v2'), place('v2')], 'v1 of the same kind'],
    [
      'an overtaking before the policy changed',
      () => [node(2), policy(0), start('v1', 900), start('v2', 100), place('v2')],
      'v1',
    ],
    [
      'an overtaking of one that was deferred before',
      () => [node(2), start(), start('v2'), defer(1000), vm('VMDeferralEnded'), place('v2')],
      'v1 of the same kind',
    ],
    ['a deferral that is too long', () => [node(1), start(), defer(5001)], 'for 5001 ms'],
    [
      'a second deferral',
      () => [node(1), start(), defer(9), vm('VMDeferralEnded'), defer(9)],
      'not for the first time',
    ],
    ['a preemption of what does not run', () => [...seated(), vm('VMPreempted')], 'did not run'],
    [
      'an overtaking of one that must start again',
      () => [node(1), start(), start('v2'), place(), vm('VMStartAttemptFailed'), place('v2')],
      'v1 of the same kind',
    ],
  ])('finds %s', (_, life, what) => expect(breaches(life())).toContain(what));

  it.each([
    ['of another kind', () => [start('v2', 1000, { request: { templateId: 'other' } })]],
    ['that are more urgent', () => [start('v2', 100)]],
    ['while it waits for a better node', () => [start('v2'), defer(1000)]],
    ['that are a little more urgent, when the policy lets priorities weigh', () => [policy(1000), start('v2', 999)]],
  ])('lets VMs %s go first', (_, other) => {
    expect(breaches([node(2), start(), ...other(), place('v2')])).toBe('');
  });

  it('lets a VM be preempted, and end without being asked', () => {
    expect(breaches([...seated(), vm('VMStarted'), vm('VMPreempted'), vm('VMTerminated')])).toBe('');
  });

  it('opens a node again that was drained or silent', () => {
    const there = [node(1), change('NodeOffline'), change('ConfigNode', { config: { drain: true } })];
    const again = [change('NodeOnline'), change('ConfigNode', { config: { drain: false } })];
    expect(breaches([...there, ...again, start(), place()])).toBe('');
  });
});

describe('at the end the auditor', () => {
  it.each([
    ['a VM that waits though a node could take it', () => [node(1), start()], 'could take it, such as n1'],
    [
      'a VM that was terminated and is still there',
      () => [...seated(), vm('VMStarted'), vm('TerminateVM')],
      'has not ended',
    ],
    ['a VM that never started', () => seated(), 'never started'],
  ])('finds %s', (_, life, what) => expect(ends(life())).toContain(what));

  it('lets a VM wait when no node can take it', () => {
    expect(ends([...seated(), vm('VMStarted'), start('v2')])).toBe('');
  });

  it('finds VMs that a host holds without a seat, and seats without a VM', () => {
    const audit = read(seated());
    auditHosts(audit, new Map([['n1', ['v2']]]));
    expect(audit.breaches).toEqual(['v2 is on n1 and has no seat there', 'v1 has a seat on n1 and is not there']);
  });
});
