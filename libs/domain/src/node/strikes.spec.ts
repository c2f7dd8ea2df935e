import { STRIKES_FADE_MS } from '../limits.js';
import { nodeId } from '../ids.js';
import { at, given, nothing, samples, type Story } from '../testing/index.js';

const { joins, push, start, startFailed, started, terminate, terminated, timers, configure, silent } = samples;
const strikesOf = ({ cluster }: Story) => cluster.nodes.get(nodeId('n'))?.strikes;
const failedOnce = [push('t'), joins('n'), start('v', 't', { nodeId: 'n' }), at(1_000, startFailed('v'))];
const faded = { type: 'NodeStrikesFaded' as const, nodeId: nodeId('n') };

describe('a failed start', () => {
  it('speaks against the node for a while, and then no more', () => {
    const story = given(...failedOnce, started('v'), start('w', 't'), at(2_000, startFailed('w')), started('w'));
    expect(strikesOf(story)).toBe(0);
    const again = given(...failedOnce, terminate('v'), terminated('v'));
    expect(strikesOf(again)).toBe(1);
    again.when(timers, { at: 1_000 + STRIKES_FADE_MS });
    expect(again.happened).toContainEqual(faded);
    expect(strikesOf(again)).toBe(0);
  });

  it('counts from the last one', () => {
    const story = given(...failedOnce, at(60_000, startFailed('v')), terminate('v'), terminated('v'));
    expect(strikesOf(story)).toBe(2);
    story.when(timers, { at: 59_999 + STRIKES_FADE_MS });
    expect(strikesOf(story)).toBe(2);
    story.when(timers, { at: 60_000 + STRIKES_FADE_MS });
    expect(strikesOf(story)).toBe(0);
    story.when(timers, { at: 60_001 + STRIKES_FADE_MS }).then(nothing);
  });

  it('is not that the node fell silent', () => {
    expect(strikesOf(given(push('t'), joins('n'), start('v', 't'), silent('n')))).toBe(0);
  });

  it('is forgiven when an operator sees to the node, or the node comes back', () => {
    expect(strikesOf(given(...failedOnce).when(configure('n', { drain: false })))).toBe(0);
    expect(strikesOf(given(...failedOnce).when(joins('n', { facts: { driverVersion: '2' } })))).toBe(0);
  });
});
