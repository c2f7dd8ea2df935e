/** Whole numbers from wherever chance comes from: a fast-check arbitrary, a seeded generator. */
export type Roll = readonly number[];

/** Numbers in one roll: the most that one step of a history asks for. */
export const ROLL_LENGTH = 28;
/** Every number of a roll is below this. */
export const ROLL_LIMIT = 2 ** 16;

/** Turns a roll into choices, one number each. Small numbers choose what is listed first, so that shrinking makes histories plainer. */
export class Dice {
  private next = 0;

  constructor(private readonly roll: Roll) {}

  /** 0 to n − 1. */
  below(n: number): number {
    return (this.roll[this.next++] ?? 0) % n;
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(Math.max(1, list.length))];
  }

  /** True once in n, and never for the smallest number. */
  onceIn(n: number): boolean {
    return this.below(n) === n - 1;
  }

  /** One of the table's values, each as often as its weight says. */
  weighted<T>(table: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.below(table.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of table) {
      if (left < weight) return value;
      left -= weight;
    }
    throw new Error('a weighted table must not be empty');
  }
}
