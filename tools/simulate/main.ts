import { join } from 'node:path';
import { BASELINES } from '../../test/simulation/scale/placements.js';
import { liveAtScale } from './scale.js';
import { liveThroughTrouble } from './troubled.js';
import { USAGE, UsageError, type Wish, wishOf } from './wishes.js';

/**
 * `npm run simulate -- --seeds 1000 --first 1`: small fleets in much trouble. `npm run simulate -- --scenario ci-day --nodes 200`: one
 * large fleet under virtual time, with figures and a report. Ends with 1 when a law was broken, with 2 when it was asked wrongly.
 */
function wishOrExit(): Wish {
  try {
    return wishOf(
      process.argv.slice(2),
      BASELINES.map(({ name }) => name),
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const wish = wishOrExit();
const broken =
  wish.kind === 'troubled'
    ? await liveThroughTrouble(wish.seeds, wish.first)
    : liveAtScale(wish, join(import.meta.dirname, '../../..'));
process.exit(broken === 0 ? 0 : 1);
