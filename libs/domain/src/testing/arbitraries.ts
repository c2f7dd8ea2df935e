import fc from 'fast-check';
import { type Roll, ROLL_LENGTH, ROLL_LIMIT } from './dice.js';

/** Every property runs with the same seed by default, so that a red run is red for everybody. FC_SEED changes that. */
const DEFAULT_SEED = 20_260_101;
/** Which share of its runs a property has unless FC_SHARE says otherwise: `npm run ok` must stay short, `npm test` has all of them. */
const DEFAULT_SHARE = 0.3;

/** How a property is run that has `numRuns` in a whole check. FC_RUNS says how many instead. */
export function runs(numRuns: number): fc.Parameters<unknown> {
  const { FC_SEED, FC_RUNS, FC_SHARE } = process.env;
  const share = Math.ceil(numRuns * Number(FC_SHARE ?? DEFAULT_SHARE));
  return { seed: Number(FC_SEED ?? DEFAULT_SEED), numRuns: Number(FC_RUNS ?? share) };
}

const roll: fc.Arbitrary<Roll> = fc.array(fc.nat(ROLL_LIMIT - 1), { minLength: ROLL_LENGTH, maxLength: ROLL_LENGTH });

/** Rolls for histories of up to `maxLength` steps; `play` turns them into commands. */
export const rolls = (maxLength: number): fc.Arbitrary<readonly Roll[]> => fc.array(roll, { maxLength, size: 'max' });
