import type { WorldPlan } from './world.js';

/** A small fleet in much trouble: where laws break first. */
export const TROUBLED: Omit<WorldPlan, 'seed'> = {
  nodes: 4,
  capacity: 4,
  clients: 6,
  requestsPerClient: 30,
  operatorActs: 25,
  chaosMs: 60_000,
  calmMs: 420_000,
  faultEveryMs: 1200,
  failureRate: 0.1,
};
