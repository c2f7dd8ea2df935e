import { nodeId, vmId } from '../ids.js';
import { MAX_TIMERS_PER_COMMAND } from '../limits.js';
import { nextDueAt } from '../cluster.js';
import { at, given, nothing, samples, START_OF_TIME } from '../testing/index.js';

const { joins, push, start, started, startFailed, pulling, pulled, terminate, terminated, timers, lost } = samples;
const a = vmId('a');
const fleet = [at(0, joins('n')), at(0, push('t')), at(0, start('a', 't'))];
const overdue = {
  type: 'VMStartAttemptFailed' as const,
  vmId: a,
  nodeId: nodeId('n'),
  attempt: 1,
  message: 'not started within 90 s',
};
const again = { type: 'VMScheduled' as const, vmId: a, nodeId: nodeId('n'), attempt: 2 };

describe('RunTimers', () => {
  it('ends a start after 90 seconds, and not before', () => {
    given(...fleet)
      .when(timers, { at: 89_999 })
      .then(nothing)
      .when(timers, { at: 90_000 })
      .then(overdue, again)
      .when(timers, { at: 90_001 })
      .then(nothing);
  });

  it('lets a pull take its time, and counts anew from its end', () => {
    given(...fleet, at(10_000, pulling('a')))
      .when(timers, { at: 1_000_000 })
      .then(nothing)
      .when(pulled('a'), { at: 1_000_000 })
      .when(timers, { at: 1_089_999 })
      .then(nothing)
      .when(timers, { at: 1_090_000 })
      .then(overdue, again);
  });

  it('ends a pull on a node that keeps beating after six hours, and not before', () => {
    given(...fleet, at(10_000, pulling('a')))
      .when(timers, { at: 21_609_999 })
      .then(nothing)
      .when(timers, { at: 21_610_000 })
      .then({ ...overdue, message: 'not pulled within 21600 s' }, again);
  });

  it('leaves alone what runs, failed or waits', () => {
    given(...fleet, at(1_000, started('a')))
      .when(timers, { at: 1_000_000 })
      .then(nothing);
    given(...fleet, at(1_000, startFailed('a', false)))
      .when(timers, { at: 1_000_000 })
      .then({ type: 'NodeStrikesFaded', nodeId: nodeId('n') });
    given(...fleet, at(1_000, started('a')), at(1_000, lost('a')))
      .when(timers, { at: 1_000_000 })
      .then(nothing);
    given(push('t'), start('a', 't')).when(timers, { at: 1_000_000 }).then(nothing);
  });

  it('leaves alone a VM that is ending, however long that takes', () => {
    given(...fleet, at(1_000, terminate('a')))
      .when(timers, { at: 1_000_000 })
      .then(nothing);
  });

  it('removes a terminated VM after its minute, and then the cluster knows it no more', () => {
    const story = given(...fleet, at(1_000, terminate('a')), at(2_000, terminated('a')))
      .when(timers, { at: 61_999 })
      .then(nothing)
      .when(timers, { at: 62_000 })
      .then({ type: 'VMRemoved', vmId: a });
    expect(story.cluster.vms.size).toBe(0);
    expect(nextDueAt(story.cluster)).toBeUndefined();
  });

  it('goes by the policy of the moment in which the alarm was set', () => {
    const policy = { terminatedVisibleMs: 0, nodeSilentMs: 1, startLimitMs: 5 };
    given(...fleet, at(1, { type: 'SetPolicy', policy }))
      .when(timers, { at: 6 })
      .then(nothing)
      .when(terminate('a'), { at: 10 })
      .when(terminated('a'), { at: 11 })
      .when(timers, { at: 11 })
      .then({ type: 'VMRemoved', vmId: a });
  });

  it('gives the start up after the last attempt', () => {
    const story = given(...fleet)
      .when(timers, { at: 90_000 })
      .when(timers, { at: 180_000 });
    story.when(timers, { at: 270_000 }).then({ type: 'VMFailedToStart', vmId: a, message: 'not started within 90 s' });
  });

  it('fires the earliest first, by id among equals, and no more than 500 at a time', () => {
    const count = MAX_TIMERS_PER_COMMAND + 20;
    const ids = Array.from({ length: count }, (_, n) => `v${String(n).padStart(3, '0')}`).reverse();
    const story = given(push('t'), start(ids, 't'));
    // One at a later time, though its id comes first.
    for (const id of ids.slice(0, -1)) story.history.say(terminate(id), { afterMs: 0 });
    story.history.say(terminate('v000'), { afterMs: 1 });
    const due = nextDueAt(story.cluster) ?? 0;
    story.history.say(timers, { afterMs: due + 10 - story.history.time });
    const fired = story.history.chapters.at(-1)?.decision.events ?? [];
    expect(fired.map(({ event }) => 'vmId' in event && event.vmId)).toEqual(
      ids.slice(0, -1).reverse().slice(0, MAX_TIMERS_PER_COMMAND),
    );
    story.history.say(timers);
    const rest = story.history.chapters.at(-1)?.decision.events ?? [];
    expect(rest.map(({ event }) => 'vmId' in event && event.vmId)).toEqual([
      ...ids.slice(0, -1).reverse().slice(MAX_TIMERS_PER_COMMAND),
      'v000',
    ]);
  });

  it('never goes by a time before that of the last event, if the clock of the stream steps back', () => {
    const story = given(...fleet).when(start('b', 't'), { at: 50_000 });
    story.when(terminate('b'), { at: 10_000 });
    expect(story.history.events.at(-1)?.time).toBe(START_OF_TIME + 50_000);
  });
});
