import { nodeId, vmId } from '../ids.js';
import { given, type Said, samples } from '../testing/index.js';
import type { Node } from '../node/node.js';
import type { Vm } from '../vm/vm.js';
import { compareFor, loadOf } from './score.js';

const { joins, push, start } = samples;
const n = nodeId('n');
const load = (...story: Said[]) => loadOf(given(...story).cluster.nodes.get(n) as Node);

describe('the load of a node', () => {
  it('is the fraction of its slots', () => {
    expect(load(joins('n', { config: { capacity: 4 } }))).toBe(0);
    expect(load(joins('n', { config: { capacity: 4 } }), push('t'), start('a', 't'))).toBe(0.25);
  });

  it('is the scarcer of cores and memory', () => {
    const config = { capacityMode: 'resource', vcpuOverride: 8, memoryMiBOverride: 16_384 } as const;
    expect(load(joins('n', { config }), push('t'), start('a', 't', { vcpu: 4 }))).toBe(0.5);
    expect(load(joins('n', { config }), push('t'), start('a', 't', { memoryMiB: 12_288 }))).toBe(0.75);
  });

  it('is whole where there is nothing to give', () => {
    expect(load(joins('n', { config: { capacity: 0 } }))).toBe(1);
    expect(load(joins('n', { config: { capacityMode: 'resource' }, facts: { memoryMiB: 1 } }))).toBe(1);
  });
});

describe('the order of nodes for a VM', () => {
  const { cluster } = given(
    joins('d', { cached: [{ templateId: 't', tag: 'v1' }], config: { capacity: 9 } }),
    joins('c', { config: { capacity: 9 } }),
    joins('b', { config: { capacity: 4 } }),
    joins('a', { config: { capacity: 9 } }),
    push('t'),
    start('v', 't'),
    start('load-c', 't', { nodeId: 'c' }),
    start('load-b', 't', { nodeId: 'b' }),
  );
  const order = (attempts: Vm['attempts']) => {
    const vm = { ...(cluster.vms.get(vmId('v')) as Vm), attempts };
    return [...cluster.nodes.values()].sort(compareFor(vm)).map(({ id }) => id);
  };
  const failedOn = (id: string) => ({ nodeId: nodeId(id), message: '', at: 0 });

  it('is by template, then by load, then by id', () => expect(order([])).toEqual(['d', 'a', 'c', 'b']));

  it('is first of all by failures', () => {
    expect(order([failedOn('d')])).toEqual(['a', 'c', 'b', 'd']);
    expect(order([failedOn('a'), failedOn('a'), failedOn('d')])).toEqual(['c', 'b', 'd', 'a']);
  });
});
