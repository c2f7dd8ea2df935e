import { HOUR_MS, MINUTE_MS, type Scenario } from '../plan.js';
import { steady } from './steady.js';

const LENGTH_MS = 8 * HOUR_MS;
const BEGIN_MS = 30 * MINUTE_MS;
const RESTART_MS = 10 * MINUTE_MS;
/** One node in so many is away at a time. */
const WIDTH_SHARE = 20;

/** Every host gets a new kernel while people work. */
export const rollingDrain: Scenario = {
  name: 'rolling-drain',
  about: 'Maintenance under load: one node in twenty at a time is drained, restarted and taken back, until all were.',
  usual: { nodes: 200, vms: 16_000 },
  script: (plan) =>
    steady(plan, LENGTH_MS, 0.7, ({ nodes }) => ({
      incidents: [
        {
          atMs: BEGIN_MS,
          kind: 'maintenance',
          nodeIds: nodes.map(({ nodeId }) => nodeId),
          width: Math.max(1, Math.floor(nodes.length / WIDTH_SHARE)),
          awayMs: RESTART_MS,
        },
      ],
    })),
};
