/** What arrived at one endpoint, as its books tell it. */
export interface Account {
  readonly endpoint: string;
  /** Sequences in the order in which each arrived for the first time. */
  readonly firsts: readonly number[];
  /** Of what was taken, that is answered with 2xx: sequence → digest of what came; events of another format than ours have none. */
  readonly taken: readonly (readonly [sequence: number, id: string, digest: string])[];
  readonly duplicates: number;
  /** What must never happen, in words. */
  readonly wrong: readonly string[];
  /** How often each trouble was made. */
  readonly troubles: Readonly<Record<string, number>>;
}

/** One event as it arrived. */
export interface Arrived {
  readonly sequence: number;
  readonly id: string;
  readonly digest: string;
}

/** Most sentences that are worth keeping. */
const MAX_WRONG = 20;

/** The books of one endpoint. */
export class Arrivals {
  private readonly known = new Map<number, Arrived>();
  private readonly taken = new Set<number>();
  private readonly troubles: Record<string, number> = {};
  private readonly wrong: string[] = [];
  private duplicates = 0;

  constructor(readonly endpoint: string) {}

  /** Whatever is answered: it was here. The same sequence must always be the same event. */
  came(arrived: Arrived): void {
    const before = this.known.get(arrived.sequence);
    if (before === undefined) this.known.set(arrived.sequence, arrived);
    else {
      this.duplicates++;
      if (before.id !== arrived.id || before.digest !== arrived.digest)
        this.isWrong(`${arrived.sequence} came as ${before.id} and later as ${arrived.id}, or with other bytes`);
    }
  }

  took(sequence: number): void {
    this.taken.add(sequence);
  }

  made(trouble: string): void {
    this.troubles[trouble] = (this.troubles[trouble] ?? 0) + 1;
  }

  isWrong(sentence: string): void {
    if (this.wrong.length < MAX_WRONG) this.wrong.push(sentence);
  }

  get takenCount(): number {
    return this.taken.size;
  }

  account(): Account {
    const { endpoint, duplicates, wrong, troubles } = this;
    const taken = [...this.known.values()]
      .filter(({ sequence }) => this.taken.has(sequence))
      .map(({ sequence, id, digest }) => [sequence, id, digest] as const);
    return { endpoint, firsts: [...this.known.keys()], taken, duplicates, wrong, troubles };
  }
}
