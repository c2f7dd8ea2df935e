import { allTemplates, jobsOf, type Fleet, makeFleet } from '../crowd.js';
import { DAY_MS, HOUR_MS, type Incident, type Scenario } from '../plan.js';
import { nextVersion } from '../templates.js';

/** Job by the hour of a working day. */
const BY_HOUR = [2, 1.5, 1.2, 1, 1, 1.2, 2, 4, 7, 9.5, 10, 9.8, 8, 8.5, 9.8, 10, 9.2, 7.5, 5.5, 4.5, 4, 3.5, 3, 2.5];
/** Hours at which templates are built anew, and how many of a hundred are. */
const BUILDS = [
  { hour: 5, share: 0.8 },
  { hour: 11, share: 0.3 },
  { hour: 15, share: 0.3 },
] as const;

/** A working day of a build farm. */
export const ciDay: Scenario = {
  name: 'ci-day',
  about:
    'A working day of a build farm: load by the hour, twenty templates of which some are built anew, a peak that fills the fleet.',
  usual: { nodes: 200, vms: 50_000 },
  script(plan) {
    const fleet = makeFleet(plan);
    const appetite = { vms: plan.vms, fromMs: 0, lengthMs: DAY_MS, curve: BY_HOUR, peakLoad: 0.95 };
    return {
      nodes: fleet.nodes,
      templates: allTemplates(fleet),
      jobs: jobsOf(fleet, 'day', appetite),
      incidents: builds(fleet),
      lengthMs: DAY_MS,
      poisoned: new Set(),
    };
  },
};

function builds(fleet: Fleet): Incident[] {
  const random = fleet.chance('builds');
  return BUILDS.flatMap(({ hour, share }, round) =>
    allTemplates(fleet)
      .filter(() => random.chance(share))
      .map((template) => ({
        atMs: hour * HOUR_MS + random.between(0, HOUR_MS),
        kind: 'asked',
        command: nextVersion(template, `v${round + 2}`, random),
      })),
  );
}
