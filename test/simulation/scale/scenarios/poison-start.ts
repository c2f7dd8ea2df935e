import { HOUR_MS, type Scenario } from '../plan.js';
import { steady } from './steady.js';

const LENGTH_MS = 6 * HOUR_MS;
/** Rank of the template that nobody can start, from 0. */
const POISONED_RANK = 4;

/** A broken image and a broken host. */
export const poisonStart: Scenario = {
  name: 'poison-start',
  about: 'Every start of one template fails, wherever; and every start on one node fails, whatever it is.',
  usual: { nodes: 200, vms: 14_000 },
  script: (plan) =>
    steady(plan, LENGTH_MS, 0.6, ({ nodes, templates }) => ({
      nodes: nodes.map((node, index) => (index === 0 ? { ...node, failureRate: 1 } : node)),
      poisoned: new Set(templates.amd64.slice(POISONED_RANK, POISONED_RANK + 1).map(({ templateId }) => templateId)),
    })),
};
