import { Attempts } from './attempts.js';
import { TooManyAttempts } from './failures.js';

const LIMITS = { most: 3, windowMs: 10_000, sources: 2 };

function attempts() {
  const clock = { time: 0, now: () => clock.time };
  return { clock, counted: new Attempts(clock, LIMITS) };
}

const fail = (counted: Attempts, source: string, times: number) => {
  for (let n = 0; n < times; n++) counted.failed(source);
};

describe('attempts to log in', () => {
  it('are listened to until too many of a source have failed, and again after the window', () => {
    const { clock, counted } = attempts();
    fail(counted, 'a', 2);
    expect(() => counted.check('a')).not.toThrow();
    counted.failed('a');
    clock.time = 3500;
    expect(() => counted.check('a')).toThrow(new TooManyAttempts(7));
    expect(() => counted.check('b')).not.toThrow();
    clock.time = 10_000;
    expect(() => counted.check('a')).not.toThrow();
    counted.failed('a');
    expect(() => counted.check('a')).not.toThrow();
  });

  it('are remembered of so many sources and no more, however many there are', () => {
    const { counted } = attempts();
    fail(counted, 'a', 3);
    fail(counted, 'b', 3);
    fail(counted, 'c', 1);
    expect(() => counted.check('a')).not.toThrow();
    expect(() => counted.check('b')).toThrow(TooManyAttempts);
  });
});
