import { HOUR_MS, MINUTE_MS, type Scenario } from '../plan.js';
import { steady } from './steady.js';

const LENGTH_MS = 6 * HOUR_MS;
const LOSS_MS = 2 * HOUR_MS;
const AWAY_MS = 45 * MINUTE_MS;

/** A rack row goes dark. */
export const regionLoss: Scenario = {
  name: 'region-loss',
  about:
    'A third of the nodes falls silent in one moment; half of them keep their VMs, half lose power; all are back 45 minutes later.',
  usual: { nodes: 200, vms: 14_000 },
  script: (plan) =>
    steady(plan, LENGTH_MS, 0.6, ({ nodes }) => ({
      incidents: nodes.slice(0, Math.ceil(nodes.length / 3)).map(({ nodeId }, index) => ({
        atMs: LOSS_MS,
        kind: 'away',
        nodeId,
        forMs: AWAY_MS + index * 100,
        losesPower: index % 2 === 1,
      })),
    })),
};
