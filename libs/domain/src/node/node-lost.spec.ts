import { nextDueAt } from '../cluster.js';
import { nodeId, vmId } from '../ids.js';
import { MAX_TIMERS_PER_COMMAND } from '../limits.js';
import { at, given, nothing, samples, START_OF_TIME } from '../testing/index.js';
import { NODE_LOST as message } from '../vm/run-timers.js';

const { joins, push, start, started, stopped, startFailed, terminate, silent, heard, timers } = samples;
const n = nodeId('n');
const lost = (id: string) => ({ type: 'VMLost' as const, vmId: vmId(id), nodeId: n, message });
const online = { type: 'NodeOnline' as const, nodeId: n };
const MINUTE = 60_000;
/** What the default policy gives a silent node. */
const GRACE = 10 * MINUTE;
const running = [at(0, joins('n')), at(0, push('t')), at(0, start(['a', 'b'], 't'))];
const fleet = [...running, at(0, started('a')), at(0, started('b'))];

describe('a node that stays silent', () => {
  it('loses its running VMs when the grace period is over, and not before', () => {
    given(...fleet, at(1_000, silent('n')))
      .when(timers, { at: 1_000 + GRACE - 1 })
      .then(nothing)
      .when(timers, { at: 1_000 + GRACE })
      .then(lost('a'), lost('b'))
      .when(timers, { at: 1_000 + GRACE })
      .then(nothing);
  });

  it('keeps them if it comes back within the grace period', () => {
    const story = given(...fleet, at(0, silent('n')))
      .when(heard('n'), { at: GRACE - 1 })
      .then(online);
    expect(nextDueAt(story.cluster)).toBeUndefined();
    story.when(timers, { at: 10 * GRACE }).then(nothing);
    expect(story.cluster.vms.get(vmId('a'))?.phase.name).toBe('running');
  });

  it('keeps them if it joins anew within the grace period', () => {
    given(...fleet, at(0, silent('n')), at(1, joins('n')))
      .when(timers, { at: 10 * GRACE })
      .then(nothing);
  });

  it('gets the full grace period again with each silence', () => {
    given(...fleet, at(0, silent('n')), at(GRACE - 2, heard('n')), at(GRACE - 1, silent('n')))
      .when(timers, { at: GRACE })
      .then(nothing)
      .when(timers, { at: 2 * GRACE - 1 })
      .then(lost('a'), lost('b'));
  });

  it('ends the VMs that were ending, and gives up what is left of stopped and failed ones', () => {
    const remains = samples.report('b', {
      type: 'ReportVMStartFailed',
      message: 'script failed',
      retryable: false,
      instance: samples.instance(),
      script: samples.scriptResult({ returnCode: 1 }),
    });
    given(...running, at(0, started('a')), at(0, remains), at(1, silent('n')), at(2, terminate('a')))
      .when(timers, { at: 1 + GRACE })
      .then({ type: 'VMTerminated', vmId: vmId('a'), nodeId: n, message }, lost('b'));
    given(...fleet, at(0, stopped('a')), at(1, silent('n')))
      .when(timers, { at: 1 + GRACE })
      .then(lost('a'), lost('b'));
  });

  it('frees all its seats, so that its desired state is empty and whatever returns with it is destroyed', () => {
    const { cluster } = given(...fleet, at(0, silent('n')), at(GRACE, timers));
    expect(cluster.nodes.get(n)).toMatchObject({ online: false, used: { vms: 0 } });
    expect(cluster.nodes.get(n)?.vms.size).toBe(0);
    expect(nextDueAt(cluster)).toBeUndefined();
  });

  it('is never given up if the operator says so', () => {
    const policy = { terminatedVisibleMs: 0, nodeSilentMs: 1, startLimitMs: 5, lostAfterMs: 0 };
    given({ type: 'SetPolicy', policy }, ...fleet, at(0, silent('n')))
      .when(timers, { at: 1_000 * GRACE })
      .then(nothing);
  });

  it('has no alarm when it holds nothing, or nothing but starts, which go elsewhere at once', () => {
    expect(nextDueAt(given(joins('n'), silent('n')).cluster)).toBeUndefined();
    const { cluster } = given(...running, at(0, startFailed('a', false)), at(1, silent('n')));
    expect(cluster.nodes.get(n)?.dueAt).toBeUndefined();
  });

  it('has no alarm any more when it is deleted', () => {
    const { cluster } = given(...fleet, at(0, silent('n')), at(1, { type: 'DeleteNode', nodeId: 'n' }));
    expect(nextDueAt(cluster)).toBeUndefined();
  });

  it('waits with its alarm while the control plane has not listened long enough, and VMs do not', () => {
    given(...fleet, at(0, silent('n')), at(0, joins('m', { config: { capacity: 1 } })), at(1, start('c', 't')))
      .when({ type: 'RunTimers', nodesWait: true }, { at: GRACE })
      .then(
        {
          type: 'VMStartAttemptFailed',
          vmId: vmId('c'),
          nodeId: nodeId('m'),
          attempt: 1,
          message: 'not started within 90 s',
        },
        { type: 'VMScheduled', vmId: vmId('c'), nodeId: nodeId('m'), attempt: 2 },
      )
      .when(timers, { at: GRACE + 1 })
      .then(lost('a'), lost('b'));
  });

  it('loses no more VMs with one command than the bound, and the rest with the next', () => {
    const ids = Array.from({ length: MAX_TIMERS_PER_COMMAND + 20 }, (_, index) => `v${String(index).padStart(3, '0')}`);
    const story = given(joins('n', { config: { capacity: 1000 } }), push('t'));
    // Past the prefix law, which is quadratic in what one command brings; it holds for smaller ones elsewhere.
    story.history.say(start(ids, 't'), { afterMs: 0 });
    for (const id of ids) story.history.say(started(id)(story.cluster), { afterMs: 0 });
    story.history.say(silent('n'));
    story.history.say(timers, { afterMs: GRACE });
    const fired = () => story.history.chapters.at(-1)?.decision.events.map(({ event }) => event);
    expect(fired()).toEqual(ids.slice(0, MAX_TIMERS_PER_COMMAND).map(lost));
    expect(nextDueAt(story.cluster)).toBeLessThanOrEqual(story.history.time);
    story.history.say(timers);
    expect(fired()).toEqual(ids.slice(MAX_TIMERS_PER_COMMAND).map(lost));
    expect(story.history.time).toBeGreaterThan(START_OF_TIME);
  });
});
