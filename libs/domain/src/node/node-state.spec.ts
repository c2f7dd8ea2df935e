import { samples } from '../testing/index.js';
import type { NodeConfig, NodeFacts } from './node.js';
import { isFull, nodeState, type NodeSeen } from './node-state.js';

interface Changed {
  readonly facts?: Partial<NodeFacts>;
  readonly config?: Partial<NodeConfig>;
  readonly vms?: number;
  readonly rest?: Partial<NodeSeen>;
}

/** Two slots, or eight cores in resource mode; each VM takes two. */
const node = ({ facts, config, vms = 0, rest }: Changed = {}): NodeSeen => ({
  online: true,
  facts: samples.factsOf('n', facts),
  config: samples.configOf(config),
  used: { vms, cpu: 2 * vms, memoryMiB: 2048 * vms },
  ...rest,
});
const full = { vms: 2 };
const invalid = { facts: { licence: 'invalid' as const } };
const drained = { config: { drain: true } };
const silent = { rest: { online: false } };

describe('the state of a node', () => {
  it.each<[string, Changed, number, string]>([
    ['active when it is heard', {}, 0, 'active'],
    ['active when its licence is valid', { facts: { licence: 'valid' } }, 0, 'active'],
    ['active when it is full and one VM is alive', full, 1, 'active'],
    ['active when a slot is free, whatever became of its VMs', { vms: 1 }, 0, 'active'],
    ['active when it can take nothing and has nothing', { config: { capacity: 0 } }, 0, 'active'],
    ['active when it is full of VMs that others started', { rest: { unknownVms: 2 } }, 0, 'active'],
    ['unhealthy when it is full and no VM is alive', full, 0, 'unhealthy'],
    [
      'unhealthy when unknown VMs fill it up and none of its own is alive',
      { vms: 1, rest: { unknownVms: 1 } },
      0,
      'unhealthy',
    ],
    ['unhealthy when its cores are used up', { vms: 8, config: { capacityMode: 'resource' } }, 0, 'unhealthy'],
    [
      'unhealthy when its memory is used up',
      { vms: 8, facts: { cpuCount: 100 }, config: { capacityMode: 'resource' } },
      0,
      'unhealthy',
    ],
    ['draining when it is drained, even if nothing on it is alive', { ...drained, ...full }, 0, 'draining'],
    ['unlicensed when its licence is invalid, even if it is drained', { ...invalid, ...drained }, 0, 'unlicensed'],
    ['offline when it is silent, even if it has no licence', { ...silent, ...invalid }, 0, 'offline'],
  ])('is %s', (_, changed, alive, state) => expect(nodeState(node(changed), alive)).toBe(state));

  it('is full in number mode when no slot is left, whatever is used of the rest', () => {
    expect(isFull(node({ vms: 1, rest: { used: { vms: 1, cpu: 99, memoryMiB: 1e9 } } }))).toBe(false);
    expect(isFull(node({ vms: 1, rest: { unknownVms: 1 } }))).toBe(true);
  });
});
