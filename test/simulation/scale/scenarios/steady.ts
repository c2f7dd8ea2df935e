import { allTemplates, jobsOf, makeFleet, type Fleet } from '../crowd.js';
import type { Plan, Script } from '../plan.js';

/** The same load all the time: a background on which incidents show. */
export function steady(
  plan: Plan,
  lengthMs: number,
  load: number,
  incidentsOf: (fleet: Fleet) => Partial<Script>,
): Script {
  const fleet = makeFleet(plan);
  return {
    nodes: fleet.nodes,
    templates: allTemplates(fleet),
    jobs: jobsOf(fleet, 'steady', { vms: plan.vms, fromMs: 0, lengthMs, curve: [1], peakLoad: load }),
    incidents: [],
    lengthMs,
    poisoned: new Set(),
    ...incidentsOf(fleet),
  };
}
