import { meanOf } from './steps.js';

/** How long people waited, ms. */
export interface Waits {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export function waitsOf(waitsMs: readonly number[]): Waits {
  const sorted = Float64Array.from(waitsMs).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    count: sorted.length,
    meanMs: meanOf(waitsMs),
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    maxMs: at(1),
  };
}

/**
 * Jain's index of fairness: 1 when all have the same, 1/n when one has everything (Jain, Chiu, Hawe: DEC-TR-301, 1984).
 * Of nothing it is 1.
 */
export function jain(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
}

/** A quantile for each of `points` equal shares: the curve of a distribution. */
export function quantiles(waitsMs: readonly number[], points: number): number[] {
  const sorted = Float64Array.from(waitsMs).sort();
  return Array.from(
    { length: points + 1 },
    (_, point) => sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * point) / points))] ?? 0,
  );
}
