/** Somebody who waits for a turn. */
interface Asker<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * One read at a time, for all who ask. Who asks while one is under way waits for the next, shared with all who came meanwhile: the one
 * under way may have begun before what they must see was written.
 */
export class Turns<Q, A> {
  private waiting: Asker<Q, A>[] = [];
  private isReading = false;

  /** `read` is given what is asked in this turn, at most `maxQuestions`. */
  constructor(
    private readonly read: (questions: readonly Q[]) => Promise<A>,
    private readonly maxQuestions = Number.POSITIVE_INFINITY,
  ) {}

  /** The answer of the next turn, which is for all of its questions. Rejects as the read does. */
  ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      if (!this.isReading) void this.go();
    });
  }

  private async go(): Promise<void> {
    this.isReading = true;
    while (this.waiting.length > 0) {
      const turn = this.waiting.splice(0, this.maxQuestions);
      try {
        const answer = await this.read(turn.map(({ question }) => question));
        for (const { resolve } of turn) resolve(answer);
      } catch (cause) {
        for (const { reject } of turn) reject(cause);
      }
    }
    this.isReading = false;
  }
}
