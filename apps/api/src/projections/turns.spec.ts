import { Turns } from './turns.js';

/** Reads that end when the test says so. */
class Reads {
  readonly begun: (readonly string[])[] = [];
  private readonly ends: { resolve(answer: string): void; reject(cause: Error): void }[] = [];

  readonly read = (questions: readonly string[]): Promise<string> => {
    this.begun.push(questions);
    return new Promise((resolve, reject) => this.ends.push({ resolve, reject }));
  };

  async end(answer: string | Error): Promise<void> {
    const end = this.ends.shift();
    if (answer instanceof Error) end?.reject(answer);
    else end?.resolve(answer);
    for (let n = 0; n < 5; n++) await Promise.resolve();
  }
}

describe('turns', () => {
  it('begin at once, and who comes meanwhile shares the next', async () => {
    const reads = new Reads();
    const turns = new Turns(reads.read);
    const first = turns.ask('a');
    const later = [turns.ask('b'), turns.ask('c')];
    expect(reads.begun).toEqual([['a']]);
    await reads.end('one');
    expect(reads.begun).toEqual([['a'], ['b', 'c']]);
    await reads.end('two');
    expect([await first, ...(await Promise.all(later))]).toEqual(['one', 'two', 'two']);
    void turns.ask('d');
    expect(reads.begun).toHaveLength(3);
  });

  it('have a bound, beyond which one waits for the turn after', async () => {
    const reads = new Reads();
    const turns = new Turns(reads.read, 2);
    void turns.ask('a');
    const later = ['b', 'c', 'd'].map((question) => turns.ask(question));
    for (const answer of ['one', 'two', 'three']) await reads.end(answer);
    expect(reads.begun).toEqual([['a'], ['b', 'c'], ['d']]);
    expect(await Promise.all(later)).toEqual(['two', 'two', 'three']);
  });

  it('tell a failure to those of that turn alone', async () => {
    const reads = new Reads();
    const turns = new Turns(reads.read);
    const first = turns.ask('a').catch((cause: Error) => cause.message);
    const second = turns.ask('b');
    await reads.end(new Error('away'));
    await reads.end('two');
    expect([await first, await second]).toEqual(['away', 'two']);
  });
});
