import { describe, expect, it } from '@jest/globals';
import { type Cluster, emptyCluster } from '#domain';
import { DESIRED_REFRESH_MS, DESIRED_REFRESH_STEP_MS, DESIRED_REFRESH_VMS } from './limits.js';
import { RefreshRound } from './refresh-round.js';

const STEPS = DESIRED_REFRESH_MS / DESIRED_REFRESH_STEP_MS;

function clusterOf(nodes: number, vmsEach = 0): Cluster {
  const cluster = emptyCluster();
  for (let index = 0; index < nodes; index++) {
    cluster.nodes.set(`n${index}` as never, { vms: { size: vmsEach } } as never);
  }
  return cluster;
}

const steps = (round: RefreshRound, count: number): string[][] =>
  Array.from({ length: count }, () => [...round.next()]);

describe('a round of refreshing', () => {
  it('names a single node once in a minute', () => {
    const named = steps(new RefreshRound(clusterOf(1)), 3 * STEPS).flat();
    expect(named).toEqual(['n0', 'n0', 'n0']);
  });

  it('names every node once, a few in each step', () => {
    const named = steps(new RefreshRound(clusterOf(10 * STEPS)), 2 * STEPS - 1);
    expect(new Set(named.flat()).size).toBe(10 * STEPS);
    expect(named.flat()).toHaveLength(10 * STEPS);
    expect(Math.max(...named.map(({ length }) => length))).toBe(10);
  });

  it('takes longer when nodes have many VMs, and names every node all the same', () => {
    const nodes = 10 * STEPS;
    const named = steps(new RefreshRound(clusterOf(nodes, DESIRED_REFRESH_VMS / 2)), STEPS - 1 + nodes / 2);
    expect(Math.max(...named.map(({ length }) => length))).toBe(2);
    expect(new Set(named.flat()).size).toBe(nodes);
  });
});
