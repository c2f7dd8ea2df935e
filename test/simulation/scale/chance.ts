import type { Random } from '../random.js';

/** Exponential of a normal distribution: many short, few very long. `sigma` is the spread of the logarithm. */
export function logNormal(random: Random, median: number, sigma: number): number {
  const [u, v] = [1 - random.next(), random.next()];
  return median * Math.exp(sigma * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v));
}

/** The mean of {@link logNormal} as a multiple of its median. */
export const meanOfLogNormal = (sigma: number): number => Math.exp((sigma * sigma) / 2);

/** Picks by weight, in O(log n). */
export class Weighted<T> {
  private readonly sums: number[] = [];

  constructor(
    private readonly items: readonly T[],
    weightOf: (item: T, index: number) => number,
  ) {
    let sum = 0;
    for (const [index, item] of items.entries()) this.sums.push((sum += weightOf(item, index)));
  }

  pick(random: Random): T {
    const wanted = random.next() * (this.sums.at(-1) ?? 0);
    let [low, high] = [0, this.sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sums[middle] as number) > wanted) high = middle;
      else low = middle + 1;
    }
    const item = this.items[low];
    if (item === undefined) throw new Error('cannot pick from an empty list: it must have an item');
    return item;
  }
}

/** Zipf's law: the item of rank r is asked for in proportion to 1 / r. */
export const zipf = <T>(items: readonly T[]): Weighted<T> => new Weighted(items, (_, index) => 1 / (index + 1));

/** A number from a text, the same for ever: 32-bit FNV-1a. Makes chance that belongs to a thing and not to a turn. */
export function seedOf(seed: number, text: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** `count` moments in [0, lengthMs), in order, as dense as the curve is high. The curve gives a weight for each of equal parts. */
export function momentsAlong(random: Random, curve: readonly number[], count: number, lengthMs: number): number[] {
  const parts = new Weighted(
    curve.map((_, index) => index),
    (index) => curve[index] ?? 0,
  );
  const partMs = lengthMs / curve.length;
  const moments = Float64Array.from({ length: count }, () => Math.floor((parts.pick(random) + random.next()) * partMs));
  return [...moments.sort()];
}
