import { Progress } from './progress.js';

const from = (sequence: number, done: readonly number[] = []) => new Progress('log-1', { sequence, done });

describe('progress in the log', () => {
  it('is where it was left', () => {
    expect(from(7, [9]).bookmark).toEqual({ incarnation: 'log-1', sequence: 7, done: [9] });
    expect([5, 7, 8, 9].map((sequence) => from(7, [9]).isDone(sequence))).toEqual([true, true, false, true]);
  });

  it('ends before the first that is to do, and names what is done beyond it', () => {
    const progress = from(7);
    progress.begin(20, [8, 11, 15, 19]);
    expect(progress.bookmark).toMatchObject({ sequence: 7, done: [] });
    progress.finish(11);
    progress.finish(19);
    expect(progress.bookmark).toMatchObject({ sequence: 7, done: [11, 19] });
    progress.finish(8);
    expect(progress.bookmark).toMatchObject({ sequence: 14, done: [19] });
    progress.finish(15);
    expect(progress.bookmark).toMatchObject({ sequence: 20, done: [] });
  });

  it('keeps what was done before a restart', () => {
    const progress = from(7, [11]);
    progress.begin(12, [8]);
    expect(progress.bookmark).toMatchObject({ sequence: 7, done: [11] });
    progress.finish(8);
    expect(progress.bookmark).toMatchObject({ sequence: 12, done: [] });
  });
});
