import { AssertionError } from 'node:assert';
import { nodeId, vmId } from '../ids.js';
import { canonical } from './canonical.js';
import { given, nothing, refused } from './given.js';
import { fold } from './history.js';
import { holdToPrefixLaw } from './prefix-law.js';
import { holdToInvariants } from './invariants.js';
import * as samples from './samples.js';

const { joins, push, start, terminate } = samples;
const scheduled = { type: 'VMScheduled' as const, vmId: vmId('a'), nodeId: nodeId('n'), attempt: 1 };

describe('given, when, then', () => {
  const story = () => given(joins('n'), push('t')).when(terminate('a'));

  it('is red when something else happened than was said', () => {
    expect(() => story().then(nothing)).toThrow(AssertionError);
    expect(() => story().then(scheduled)).toThrow(AssertionError);
    expect(() => story().then(refused({ code: 'VM_UNKNOWN', vmId: 'b' }))).toThrow(AssertionError);
    story().then(refused({ code: 'VM_UNKNOWN', vmId: 'a' }));
    expect(() => given(push('t')).when(start('a', 't')).then(nothing)).toThrow(AssertionError);
    expect(() => given().then(nothing)).toThrow('then() needs a when() before it');
  });

  it('is red when what is given was refused', () => {
    expect(() => given(terminate('a'))).toThrow('A command of given() was refused');
  });
});

describe('the prefix law', () => {
  it('is red for a decision that cannot be resumed', () => {
    const { history } = given(joins('n'), push('t'), start('a', 't'));
    const chapter = history.chapters.at(-1);
    if (chapter === undefined) throw new Error('a chapter was just written');
    holdToPrefixLaw(history.events, chapter);
    const [first, second] = chapter.decision.events;
    if (first === undefined || second === undefined) throw new Error('a start brings two events');
    const other = { ...second, id: 'c-3:7' };
    const forged = { ...chapter, decision: { ...chapter.decision, events: [first, other] } };
    expect(() => holdToPrefixLaw([...history.events.slice(0, 3), other], forged)).toThrow('not exactly the remaining');
    const late = { ...chapter, decision: { ...chapter.decision, outcome: { kind: 'accepted' as const, sequence: 9 } } };
    expect(() => holdToPrefixLaw(history.events, late)).toThrow('another outcome');
  });
});

describe('the invariants', () => {
  const cluster = () => fold(given(joins('n'), push('t'), start(['a', 'b', 'c'], 't')).history.events);
  const node = (of: ReturnType<typeof cluster>) => {
    const found = of.nodes.get(nodeId('n'));
    if (found === undefined) throw new Error('the node joined');
    return found;
  };

  it('hold for an honest cluster', () => holdToInvariants(cluster()));

  it.each<[string, (of: ReturnType<typeof cluster>) => unknown]>([
    ['a node lists a VM that does not sit there', (of) => node(of).vms.add(vmId('c'))],
    ['a node forgets a VM', (of) => node(of).vms.delete(vmId('a'))],
    ['a load is wrong', (of) => node(of).used.vms++],
    ['an alarm is not set', (of) => [of.timers.vms.take(), of.timers.vms.take()]],
    ['the queue lost a VM', (of) => of.pending.remove(of.vms.get(vmId('c')) as never)],
  ])('are red when %s', (_, spoil) => {
    const spoilt = cluster();
    spoil(spoilt);
    expect(() => holdToInvariants(spoilt)).toThrow(AssertionError);
  });
});

describe('the canonical form', () => {
  it('does not depend on how the cluster came to be, and shows every difference', () => {
    const { history, cluster } = given(joins('n'), push('t'), start('a', 't'));
    const followed = fold(history.events);
    expect(canonical(followed)).toEqual(canonical(cluster));
    const vm = followed.vms.get(vmId('a'));
    if (vm !== undefined) vm.restarts++;
    expect(canonical(followed)).not.toEqual(canonical(cluster));
  });
});
