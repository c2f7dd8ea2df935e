import { describe, expect, it } from '@jest/globals';
import { sampleEvent, sampleEvents } from '../contract/samples.contract.js';
import { Deposed, Unavailable } from '../fault.js';
import { type AppendAnswer, type GuardedAppend, GuardedAppender, WrongLastSequence } from './guarded-appender.js';

/** A server that answers when it is told to. */
function slowServer(maxInFlight: number): {
  appender: GuardedAppender;
  sent: GuardedAppend[];
  answer: (count: number, result?: (append: GuardedAppend) => AppendAnswer) => void;
} {
  const sent: GuardedAppend[] = [];
  const waiting: (() => void)[] = [];
  let verdict = (append: GuardedAppend): AppendAnswer => ({ sequence: append.recorded.sequence, duplicate: false });
  const appender = new GuardedAppender(
    0,
    'w',
    (append, answer) => {
      sent.push(append);
      waiting.push(() => answer(append, verdict(append)));
    },
    maxInFlight,
  );
  return {
    appender,
    sent,
    answer: (count, result = verdict) => {
      verdict = result;
      for (const settle of waiting.splice(0, count)) settle();
    },
  };
}

describe('guarded appends', () => {
  it('never has more under way than it may, and fills each gap at once', async () => {
    const { appender, sent, answer } = slowServer(10);
    const done = appender.append(sampleEvents(1, 35));
    expect(sent).toHaveLength(10);
    answer(1);
    expect(sent).toHaveLength(11);
    answer(10);
    expect(sent).toHaveLength(21);
    answer(10);
    answer(10);
    answer(10);
    await done;
    expect(sent.map(({ recorded }) => recorded.sequence)).toEqual(Array.from({ length: 35 }, (_, n) => n + 1));
  });

  it('guards each by the sequence, and by its predecessor while that is under way', async () => {
    const { appender, sent, answer } = slowServer(10);
    const done = appender.append(sampleEvents(1, 3));
    answer(3);
    await done;
    void appender.append([sampleEvent(4)]);
    expect(sent.map(({ expectedLast, expectedLastId }) => [expectedLast, expectedLastId])).toEqual([
      [0, undefined],
      [1, 'c-1:0@w'],
      [2, 'c-2:0@w'],
      [3, undefined],
    ]);
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(4);
  });

  it('resolves each call when its own events are durable', async () => {
    const { appender, answer } = slowServer(10);
    const resolved: string[] = [];
    void appender.append(sampleEvents(1, 2)).then(() => resolved.push('first'));
    void appender.append(sampleEvents(3, 3)).then(() => resolved.push('second'));
    void appender.idle().then(() => resolved.push('idle'));
    answer(1);
    await Promise.resolve();
    expect(resolved).toEqual([]);
    answer(2);
    await Promise.resolve();
    expect(resolved).toEqual(['first']);
    answer(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(resolved).toEqual(['first', 'second', 'idle']);
  });

  it('breaks at the first failure: all reject alike, nothing more is sent, and nobody waits for idle', async () => {
    const { appender, sent, answer } = slowServer(4);
    const calls = [appender.append(sampleEvents(1, 3)), appender.append(sampleEvents(4, 9))];
    const idle = appender.idle();
    answer(1);
    answer(1, () => new Unavailable('nats', 'no answer'));
    answer(9, ({ recorded }) => ({ sequence: recorded.sequence, duplicate: false }));
    const results = await Promise.allSettled([...calls, appender.append(sampleEvents(13, 1))]);
    const [first] = results;
    expect(first).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) });
    expect(results).toEqual([first, first, first]);
    expect(sent).toHaveLength(5);
    await idle;
  });

  it.each([
    ['a longer log', new WrongLastSequence(7), Deposed],
    ['a log of the same length with another end', new WrongLastSequence(0), Deposed],
    ['an end of unknown length', new WrongLastSequence(undefined), Deposed],
    ['the same event at another place', { sequence: 9, duplicate: true }, Deposed],
    ['an event that landed elsewhere', { sequence: 9, duplicate: false }, Deposed],
    ['no answer', new Unavailable('nats', 'late'), Unavailable],
  ])('takes %s for what it is', async (_what, result, kind) => {
    const { appender, answer } = slowServer(4);
    const appended = appender.append([sampleEvent(1)]);
    answer(1, () => result);
    await expect(appended).rejects.toBeInstanceOf(kind);
  });

  it('calls it uncertain when an earlier append got lost and the later ones find the log too short', async () => {
    const { appender, answer } = slowServer(4);
    const appended = appender.append(sampleEvents(1, 3));
    answer(1);
    answer(1, () => new WrongLastSequence(0));
    await expect(appended).rejects.toBeInstanceOf(Unavailable);
  });

  it('counts its own event at its own place as appended, though it was there before', async () => {
    const { appender, answer } = slowServer(4);
    const appended = appender.append([sampleEvent(1)]);
    answer(1, () => ({ sequence: 1, duplicate: true }));
    await appended;
  });

  it('passes on why an event cannot be sent at all', async () => {
    const appender = new GuardedAppender(0, 'w', () => {
      throw new RangeError('too large');
    });
    await expect(appender.append([sampleEvent(1)])).rejects.toThrow('too large');
  });
});
