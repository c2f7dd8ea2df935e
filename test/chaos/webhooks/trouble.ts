import type { Random } from '../../simulation/random.js';

/** What a receiver may do with a request. */
export const TROUBLES = [
  'take',
  'fail',
  'cut-request',
  'cut-before-answer',
  'cut-answer',
  'huge',
  'slow',
  'redirect',
  'throttle',
  'skew',
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** How likely each trouble is; the rest of the time a receiver takes what it is sent. */
export type Temper = Readonly<Partial<Record<Exclude<Trouble, 'take'>, number>>>;

export function troubleOf(temper: Temper, random: Random): Trouble {
  let left = random.next();
  for (const trouble of TROUBLES) {
    if (trouble === 'take') continue;
    left -= temper[trouble] ?? 0;
    if (left < 0) return trouble;
  }
  return 'take';
}
