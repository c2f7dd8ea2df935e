import type { Scenario } from '../plan.js';
import { burst } from './burst.js';
import { ciDay } from './ci-day.js';
import { flappingNodes } from './flapping-nodes.js';
import { poisonStart } from './poison-start.js';
import { regionLoss } from './region-loss.js';
import { rollingDrain } from './rolling-drain.js';
import { templateRollOut } from './template-roll-out.js';

/** Every kind of day there is. */
export const SCENARIOS: readonly Scenario[] = [
  ciDay,
  burst,
  rollingDrain,
  templateRollOut,
  regionLoss,
  flappingNodes,
  poisonStart,
];
