import type { Fleet } from '../crowd.js';
import { HOUR_MS, type Incident, MINUTE_MS, type Scenario, SECOND_MS } from '../plan.js';
import { steady } from './steady.js';

const LENGTH_MS = 6 * HOUR_MS;
/** One node in so many cannot hold its connection. */
const FLAPPING_SHARE = 10;
const UP_MS = { from: 5 * MINUTE_MS, to: 20 * MINUTE_MS };
const AWAY_MS = { from: 20 * SECOND_MS, to: 6 * MINUTE_MS };
const POWER_LOSS_RATE = 0.3;

/** Bad cables. */
export const flappingNodes: Scenario = {
  name: 'flapping-nodes',
  about: 'One node in ten comes and goes all day: cut off for seconds or minutes, now and then without power.',
  usual: { nodes: 200, vms: 14_000 },
  script: (plan) => steady(plan, LENGTH_MS, 0.65, (fleet) => ({ incidents: flaps(fleet) })),
};

function flaps(fleet: Fleet): Incident[] {
  const random = fleet.chance('flaps');
  const incidents: Incident[] = [];
  for (const { nodeId } of fleet.nodes.filter((_, index) => index % FLAPPING_SHARE === 0)) {
    let atMs = random.between(UP_MS.from, UP_MS.to);
    while (atMs < LENGTH_MS) {
      const forMs = random.between(AWAY_MS.from, AWAY_MS.to);
      incidents.push({ atMs, kind: 'away', nodeId, forMs, losesPower: random.chance(POWER_LOSS_RATE) });
      atMs += forMs + random.between(UP_MS.from, UP_MS.to);
    }
  }
  return incidents;
}
