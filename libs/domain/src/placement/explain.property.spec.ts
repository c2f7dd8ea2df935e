import { deepStrictEqual, ok } from 'node:assert';
import fc from 'fast-check';
import type { Cluster } from '../cluster.js';
import type { Node } from '../node/node.js';
import { rolls, runs } from '../testing/arbitraries.js';
import { canonical } from '../testing/canonical.js';
import { begin, playStep } from '../testing/play.js';
import type { Vm } from '../vm/vm.js';
import { explain } from './explain.js';
import { MAX_NEAREST_NODES } from './explain-waiting.js';
import { emptied } from './aspects.js';
import { demandOf } from './demand.js';
import { reasonsAgainst, whyNot } from './filters.js';

/** Checks each VM of each cluster that plausible commands lead to. */
function always(numRuns: number, check: (cluster: Cluster, vm: Vm) => void): void {
  const property = fc.property(rolls(60), (steps) => {
    const history = begin();
    for (const roll of steps) {
      playStep(history, roll);
      for (const vm of history.cluster.vms.values()) check(history.cluster, vm);
    }
  });
  fc.assert(property, runs(numRuns));
}

/** The node on its best day: what an operator need not change has changed. */
const atItsBest = (node: Node): Node => ({
  ...emptied(node),
  online: true,
  deleted: false,
  config: { ...node.config, drain: false },
  pulls: new Map(),
});

describe('whatever happened before', () => {
  it('the counts of an explanation add up to the number of nodes', () =>
    always(200, (cluster, vm) => {
      const waits = explain(cluster, vm.id)?.waits;
      deepStrictEqual(waits !== undefined, vm.phase.name === 'pending');
      if (waits === undefined) return;
      const total = Object.values(waits.counts).reduce((sum, count) => sum + count, 0);
      deepStrictEqual([total, waits.nodes], [cluster.nodes.size, cluster.nodes.size]);
      const free = [...cluster.nodes.values()].filter((node) => whyNot(node, demandOf(cluster, vm)) === undefined);
      deepStrictEqual(waits.counts.available, free.length);
    }));

  it('it is impossible exactly when no node could take the VM on its best day', () =>
    always(200, (cluster, vm) => {
      const waits = explain(cluster, vm.id)?.waits;
      if (waits === undefined) return;
      const hopeful = [...cluster.nodes.values()].filter(
        (node) => whyNot(atItsBest(node), { ...demandOf(cluster, vm), isMacTaken: false }) === undefined,
      );
      deepStrictEqual(waits.impossible, hopeful.length === 0);
    }));

  it('the nearest nodes are those with the fewest reasons, and their reasons are all there are', () =>
    always(100, (cluster, vm) => {
      const nearest = explain(cluster, vm.id)?.waits?.nearest;
      if (nearest === undefined) return;
      const distances = [...cluster.nodes.values()]
        .map((node) => reasonsAgainst(node, demandOf(cluster, vm)).length)
        .sort((a, b) => a - b);
      deepStrictEqual(
        nearest.map(({ obstacles }) => obstacles.length),
        distances.slice(0, MAX_NEAREST_NODES),
      );
      for (const { nodeId, obstacles } of nearest) {
        const reasons = reasonsAgainst(cluster.nodes.get(nodeId) as Node, demandOf(cluster, vm));
        deepStrictEqual(
          obstacles.map(({ reason }) => reason),
          reasons,
        );
        for (const { lack } of obstacles) ok(lack === undefined || lack.needs > lack.free, JSON.stringify(lack));
      }
    }));

  it('those that go before it are those that are before it in the queue', () =>
    always(100, (cluster, vm) => {
      const waits = explain(cluster, vm.id)?.waits;
      if (waits !== undefined) deepStrictEqual(waits.ahead, [...cluster.pending].indexOf(vm.id));
    }));

  it('to explain changes nothing', () =>
    always(20, (cluster, vm) => {
      const before = canonical(cluster);
      explain(cluster, vm.id);
      deepStrictEqual(canonical(cluster), before);
    }));
});
