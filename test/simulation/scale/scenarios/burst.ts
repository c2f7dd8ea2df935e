import { allTemplates, jobsOf, makeFleet } from '../crowd.js';
import { HOUR_MS, MINUTE_MS, type Scenario } from '../plan.js';

const LENGTH_MS = 3 * HOUR_MS;
const BURSTS_AT_MS = [30 * MINUTE_MS, 75 * MINUTE_MS, 120 * MINUTE_MS];
const BURST_MS = MINUTE_MS;
const SHARE_IN_BURSTS = 0.7;

/** Three merge trains leave at once. */
export const burst: Scenario = {
  name: 'burst',
  about: 'A quiet afternoon with three bursts: each asks, within a minute, for more than the fleet holds.',
  usual: { nodes: 200, vms: 6000 },
  script(plan) {
    const fleet = makeFleet(plan);
    const perBurst = Math.floor((plan.vms * SHARE_IN_BURSTS) / BURSTS_AT_MS.length);
    const quiet = plan.vms - perBurst * BURSTS_AT_MS.length;
    // In both cases uses are sized by the quiet load.
    const usual = { lengthMs: LENGTH_MS, curve: [1], peakLoad: 0.2 };
    const bursts = BURSTS_AT_MS.flatMap((fromMs, index) =>
      jobsOf(fleet, `burst ${index}`, { ...usual, vms: perBurst, fromMs: 0 }).map((job) => ({
        ...job,
        atMs: fromMs + Math.floor((job.atMs / LENGTH_MS) * BURST_MS),
      })),
    );
    return {
      nodes: fleet.nodes,
      templates: allTemplates(fleet),
      jobs: [...jobsOf(fleet, 'quiet', { ...usual, vms: quiet, fromMs: 0 }), ...bursts].sort((a, b) => a.atMs - b.atMs),
      incidents: [],
      lengthMs: LENGTH_MS,
      poisoned: new Set(),
    };
  },
};
