import { decide, recordFailure } from './decide.js';
import { MAX_REFUSAL_LENGTH, MAX_REFUSAL_SUBJECT_LENGTH } from './limits.js';
import { canonical, fold, given, History, nothing, samples } from './testing/index.js';

const { joins, push, start, terminate } = samples;
const cause = (sequence: number, id: string) => ({ sequence, id, actor: 'tester', correlationId: 'x' });

type Canonical = Record<'sequence' | 'time' | 'cause', unknown>;

describe('an event', () => {
  it('names its cause, its time and its place, and has an id that a repetition would have too', () => {
    const history = new History();
    history.say(joins('n'), { afterMs: 5 });
    history.say(push('t'));
    const { events } = history.say(start('a', 't'), { id: 'request', afterMs: 10 });
    expect(events).toMatchObject([
      { sequence: 3, id: 'request:0', time: history.time, cause: { sequence: 3, id: 'request' } },
      { sequence: 4, id: 'request:1', time: history.time, cause: { sequence: 3, actor: 'tester' } },
    ]);
  });
});

describe('an outcome', () => {
  it('names the last event of the command, or of the log when there was none', () => {
    const story = given(joins('n'));
    expect(story.say(push('t')).outcome).toEqual({ kind: 'accepted', sequence: 2 });
    expect(story.say(push('t')).outcome).toEqual({ kind: 'accepted', sequence: 2 });
    expect(story.say(start('a', 't')).outcome).toEqual({ kind: 'accepted', sequence: 4 });
  });

  it('of a command sent again is its first, whatever happened since', () => {
    const story = given(joins('n'), push('t'));
    const first = story.say(start('a', 't'), 'request');
    story.when(terminate('a')).when(start('b', 't'));
    const again = story.say(start('a', 't'), 'request');
    expect(again).toEqual({ outcome: first.outcome, events: [] });
  });

  it('goes by the id, not by what the second message holds', () => {
    const story = given(push('t'));
    const first = story.say(start('a', 't'), 'request');
    expect(story.say(start('other', 't'), 'request').outcome).toEqual(first.outcome);
    expect(story.cluster.vms.size).toBe(1);
  });

  it('of a refused command is not remembered: what was wrong may be right now', () => {
    const story = given();
    expect(story.say(start('a', 't'), 'request').outcome.kind).toBe('refused');
    story.when(push('t')).when(start('a', 't'), { id: 'request' });
    expect(story.happened).toHaveLength(1);
  });
});

describe('a refusal', () => {
  const told = { commandType: 'StartVM', subject: 'a', code: 'TEMPLATE_UNKNOWN', message: 'There is no template t' };

  it('is recorded in words, and changes nothing else', () => {
    const story = given(joins('n')).when(start('a', 't'));
    expect(story.happened).toEqual([{ type: 'CommandRefused', ...told }]);
    const { sequence: _, time: _time, cause: _cause, ...before } = canonical(given(joins('n')).cluster) as Canonical;
    expect(canonical(story.cluster)).toMatchObject(before);
  });

  it('has another id each time, so that nothing that follows is taken for its repetition', () => {
    const story = given();
    const ids = () => story.history.events.map(({ id }) => id);
    story.when(start('a', 't'), { id: 'request' }).when(start('a', 't'), { id: 'request' });
    expect(ids()).toEqual(['request:r1', 'request:r2']);
    story.when(push('t')).when(start('a', 't'), { id: 'request' });
    expect(ids()).toEqual(['request:r1', 'request:r2', 'c-3:0', 'request:0']);
  });

  it('is found again by whoever reads its command again, and recorded once', () => {
    const story = given(push('t'), start('a', 't')).when(start('a', 't'));
    const chapter = story.history.chapters.at(-1);
    if (chapter === undefined) throw new Error('a chapter was just written');
    expect(chapter.decision.outcome.kind).toBe('refused');
    expect(decide(story.cluster, chapter.command)).toEqual({ ...chapter.decision, events: [] });
  });

  it('of what nobody asked for is not recorded', () => {
    const unknown = { type: 'SetPolicy', policy: { nodeSilentMs: -1 } } as const;
    expect(given().say(unknown)).toMatchObject({ outcome: { kind: 'refused' }, events: [] });
    expect(given().say(joins('not an id'))).toMatchObject({ outcome: { kind: 'refused' }, events: [] });
  });

  it('names no more of what was asked than there is room for', () => {
    const [event] = given().when(terminate('x'.repeat(10_000))).happened;
    if (event?.type !== 'CommandRefused') throw new Error('it was refused');
    expect([event.subject.length, event.message.length]).toEqual([MAX_REFUSAL_SUBJECT_LENGTH, MAX_REFUSAL_LENGTH]);
  });
});

describe('a command behind which others were decided', () => {
  it('is settled, even when its own message is read again', () => {
    const story = given(push('t'));
    story.say(start('a', 't'), 'early');
    const early = story.history.chapters.at(-1);
    story.when(terminate('a')).when({ type: 'RunTimers' }, { at: 100_000 });
    if (early === undefined) throw new Error('a chapter was just written');
    expect(decide(story.cluster, early.command)).toEqual({ outcome: early.decision.outcome, events: [] });
  });
});

describe('a command that broke the decider', () => {
  const recorded = { cause: cause(2, 'poison'), time: 5, command: start('a', 't') };
  const failed = { kind: 'refused', refusal: { code: 'COMMAND_FAILED', message: 'oh' } };

  it('is recorded once, and is answered with its failure ever after', () => {
    const { cluster } = given(push('t'));
    const decision = recordFailure(cluster, recorded, 'StartVM', 'oh');
    expect(decision.outcome).toEqual(failed);
    expect(decision.events).toMatchObject([
      { id: 'poison:0', event: { type: 'CommandFailed', commandType: 'StartVM', message: 'oh' } },
    ]);
    const settled = { outcome: failed, events: [] };
    expect(decide(cluster, recorded)).toEqual(settled);
    expect(recordFailure(cluster, recorded, 'StartVM', 'other')).toEqual(settled);
    const sentAgain = { ...recorded, cause: cause(3, 'poison') };
    expect(decide(cluster, sentAgain)).toEqual(settled);
    expect(recordFailure(cluster, sentAgain, 'StartVM', 'other')).toEqual(settled);
    expect(cluster.vms.size).toBe(0);
  });

  it('may have brought forth a part of its events before: the failure comes behind them, under the next id', () => {
    const whole = new History();
    whole.say(push('t'));
    const { events } = whole.say(start(['a', 'b'], 't'), { id: 'poison' });
    const cluster = fold([...whole.events.slice(0, 1), ...events.slice(0, 1)]);
    const decision = recordFailure(cluster, recorded, 'StartVM', 'oh');
    expect(decision.events.map(({ id }) => id)).toEqual(['poison:1']);
    expect(decide(cluster, recorded)).toEqual({ outcome: failed, events: [] });
  });

  it('does not become a failure after the fact when its id had an outcome', () => {
    const story = given(push('t'));
    const first = story.say(start('a', 't'), 'request');
    const garbage = { ...recorded, cause: cause(9, 'request') };
    expect(recordFailure(story.cluster, garbage, 'unreadable', 'oh')).toEqual({ outcome: first.outcome, events: [] });
  });

  it('is the same for a cluster that follows', () => {
    const story = given(push('t'));
    const { events } = recordFailure(story.cluster, recorded, 'StartVM', 'oh');
    expect(canonical(fold([...story.history.events, ...events]))).toEqual(canonical(story.cluster));
    expect(decide(fold([...story.history.events, ...events]), recorded).outcome).toEqual(failed);
  });
});

describe('a command that nobody knows', () => {
  it('changes nothing', () => {
    given()
      .when({ type: 'Explode' } as never)
      .then(nothing);
  });
});
