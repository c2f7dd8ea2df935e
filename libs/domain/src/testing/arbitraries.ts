import fc from 'fast-check';
import { type Roll, ROLL_LENGTH, ROLL_LIMIT } from './dice.js';

/** Every property runs with the same seed by default, so that a red run is red for everybody. FC_SEED and FC_RUNS change that. */
const DEFAULT_SEED = 20_260_101;

export function runs(numRuns: number): fc.Parameters<unknown> {
  const { FC_SEED, FC_RUNS } = process.env;
  return { seed: Number(FC_SEED ?? DEFAULT_SEED), numRuns: Number(FC_RUNS ?? numRuns) };
}

const roll: fc.Arbitrary<Roll> = fc.array(fc.nat(ROLL_LIMIT - 1), { minLength: ROLL_LENGTH, maxLength: ROLL_LENGTH });

/** Rolls for histories of up to `maxLength` steps; `play` turns them into commands. */
export const rolls = (maxLength: number): fc.Arbitrary<readonly Roll[]> => fc.array(roll, { maxLength, size: 'max' });
