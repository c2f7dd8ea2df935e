import { Unbroken } from './unbroken.js';

const at = (sequence: number) => ({ sequence });

/** A reader who asks, and is answered when the spec says so. */
class Reading {
  readonly passed: number[] = [];
  readonly ends: (string | Error)[] = [];
  readonly questions: { say: (why: Error | undefined) => void; fail: (cause: Error) => void }[] = [];
  private upcoming = 1;
  readonly unbroken = new Unbroken<{ sequence: number }>({
    upcoming: () => this.upcoming,
    pass: ({ sequence }) => {
      this.passed.push(sequence);
      this.upcoming = sequence + 1;
    },
    whyMissing: () => new Promise((say, fail) => this.questions.push({ say, fail })),
    onEnd: (reason) => void this.ends.push(reason),
  });

  async take(...sequences: number[]): Promise<void> {
    for (const sequence of sequences) this.unbroken.take(at(sequence));
    await settle();
  }

  async answer(n: number, why?: Error): Promise<void> {
    this.questions[n]?.say(why);
    await settle();
  }
}

const settle = async (): Promise<void> => {
  for (let n = 0; n < 10; n++) await Promise.resolve();
};

describe('an unbroken run of messages', () => {
  it('asks nothing as long as none is missing', async () => {
    const { unbroken, ...reading } = new Reading();
    for (const n of [1, 2, 3]) unbroken.take(at(n));
    expect([reading.passed, reading.questions, unbroken.waiting]).toEqual([[1, 2, 3], [], 0]);
  });

  it('holds back what comes behind a gap until it is known to be a hole', async () => {
    const reading = new Reading();
    await reading.take(1, 4, 5);
    expect([reading.passed, reading.unbroken.waiting]).toEqual([[1], 2]);
    await reading.answer(0);
    expect(reading.passed).toEqual([1, 4, 5]);
    await reading.take(6);
    expect([reading.passed.at(-1), reading.questions.length]).toEqual([6, 1]);
  });

  it('asks once for all gaps that it knew of, and again for one that came later', async () => {
    const reading = new Reading();
    await reading.take(3, 7);
    await reading.take(8);
    await reading.take(11, 12);
    await reading.answer(0);
    expect(reading.passed).toEqual([3]);
    await reading.answer(1);
    expect(reading.passed).toEqual([3, 7, 8, 11, 12]);
    expect(reading.questions).toHaveLength(2);
  });

  it('passes nothing on that comes behind a cut, and says so once', async () => {
    const reading = new Reading();
    await reading.take(1, 4);
    const cut = new Error('cut off');
    await reading.answer(0, cut);
    await reading.take(5);
    expect([reading.passed, reading.ends]).toEqual([[1], [cut]]);
  });

  it('ends when nobody answers, so that it is asked again', async () => {
    const reading = new Reading();
    await reading.take(2);
    reading.questions[0]?.fail(new Error('timeout'));
    await settle();
    expect([reading.passed, reading.ends]).toEqual([[], ['timeout']]);
  });

  it('does nothing any more once it was stopped', async () => {
    const reading = new Reading();
    await reading.take(2);
    reading.unbroken.stop();
    await reading.answer(0);
    expect([reading.passed, reading.ends]).toEqual([[], []]);
  });
});
