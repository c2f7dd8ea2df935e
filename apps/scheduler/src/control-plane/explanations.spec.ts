import { emptyCluster } from '#domain';
import type { Clock, ExplainDesk } from '#events';
import { VirtualClock } from '#events/testing';
import { Explanations } from './explanations.js';
import { LONGEST_EXPLANATION_REST_MS, MAX_QUESTIONS_WAITING, REST_PER_EXPLANATION } from './limits.js';

/** Questions put to the term by hand, under a clock by which every explanation takes so long. */
function asking(tookMs: number) {
  const virtual = new VirtualClock(1000);
  const rests: number[] = [];
  let answer: Parameters<ExplainDesk['open']>[0] = async () => undefined;
  let isOpen = true;
  const desk: ExplainDesk = {
    open: (answered) => {
      answer = answered;
      return { stop: () => (isOpen = false) };
    },
  };
  let passed = 0;
  const clock: Clock = {
    now: () => virtual.now() + (passed += tookMs),
    sleep: (ms) => (rests.push(ms), virtual.sleep(ms)),
    after: (ms, callback) => virtual.after(ms, callback),
  };
  const parts = { cluster: emptyCluster(), clock, durable: () => Promise.resolve(), onFault: () => undefined };
  const explanations = new Explanations(desk, parts);
  return { explanations, virtual, rests, ask: (id: string) => answer(id), isOpen: () => isOpen };
}

describe('explanations during a term', () => {
  it('leave most of the time to the commands, however many ask', async () => {
    const { ask, rests, virtual } = asking(10);
    let answered = 0;
    for (let n = 0; n < 5; n++) void ask('a').then(() => answered++);
    await virtual.advanceBy(0);
    expect(answered).toBe(1);
    await virtual.advanceBy(10 * REST_PER_EXPLANATION - 1);
    expect(answered).toBe(1);
    await virtual.advanceBy(1);
    expect(answered).toBe(2);
    await virtual.advanceBy(1000);
    expect([answered, rests]).toEqual([5, Array.from({ length: 5 }, () => 10 * REST_PER_EXPLANATION)]);
  });

  it('rest no longer than a second, even if the clock was set', async () => {
    const { ask, rests, virtual } = asking(3_600_000);
    void ask('a');
    await virtual.advanceBy(0);
    expect(rests).toEqual([LONGEST_EXPLANATION_REST_MS]);
  });

  it('are not given to more than may wait', async () => {
    const { ask } = asking(0);
    const asked = Array.from({ length: MAX_QUESTIONS_WAITING + 1 }, () => ask('a'));
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(MAX_QUESTIONS_WAITING);
    expect(answers.at(-1)).toBeUndefined();
    expect(await ask('a')).toEqual({ asOf: 0 });
  });

  it('end with the term, also for those that wait', async () => {
    const { ask, explanations, virtual, isOpen } = asking(10);
    const asked = [ask('a'), ask('a')];
    expect(await asked[0]).toEqual({ asOf: 0 });
    explanations.close();
    expect(isOpen()).toBe(false);
    await virtual.advanceBy(1000);
    expect(await asked[1]).toBeUndefined();
  });
});
