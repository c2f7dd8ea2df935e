import { nodeId, vmId } from '../ids.js';
import type { Node } from '../node/node.js';
import { given, samples, type Story } from '../testing/index.js';
import type { Vm } from '../vm/vm.js';
import { demandOf } from './demand.js';
import { hasRoom, reasonsAgainst, whyNot } from './filters.js';

const { joins, push, start, configure, group, silent } = samples;
const node = ({ cluster }: Story, id = 'n') => cluster.nodes.get(nodeId(id)) as Node;
const demand = ({ cluster }: Story, id = 'a') => demandOf(cluster, cluster.vms.get(vmId(id)) as Vm);
const byResources = { facts: { cpuCount: 1, memoryMiB: 4096 }, config: { capacityMode: 'resource' as const } };

describe('why a node cannot take a VM', () => {
  const cases: [ReturnType<typeof whyNot>, Story][] = [
    ['offline', given(joins('n'), silent('n'), push('t'), start('a', 't'))],
    [
      'other-node-asked',
      given(joins('n'), joins('m', { config: { capacity: 0 } }), push('t'), start('a', 't', { nodeId: 'm' })),
    ],
    ['not-in-group', given(joins('n'), group('g'), push('t'), start('a', 't', { groupId: 'g' }))],
    ['wrong-architecture', given(joins('n'), push('t', { arch: 'arm64' }), start('a', 't'))],
    ['draining', given(joins('n'), configure('n', { drain: true }), push('t'), start('a', 't'))],
    ['full', given(joins('n', { config: { capacity: 0 } }), push('t'), start('a', 't'))],
    ['no-cpu', given(joins('n', byResources), push('t'), start('a', 't', { vcpu: 3 }))],
    ['no-memory', given(joins('n', byResources), push('t'), start('a', 't', { memoryMiB: 4096 }))],
    ['busy-pulling', given(joins('n'), push('u'), push('t'), start('other', 'u'), start('a', 't'))],
  ];
  it.each(cases)('is %s', (reason, story) => expect(whyNot(node(story), demand(story))).toBe(reason));

  it('is nothing when it can', () => {
    const story = given(push('t'), start('a', 't'));
    expect(whyNot(node(given(joins('n'))), demand(story))).toBeUndefined();
  });

  it('names what explains most when there are several reasons', () => {
    const story = given(
      joins('n', { config: { drain: true } }),
      silent('n'),
      push('t', { arch: 'arm64' }),
      start('a', 't'),
    );
    expect(whyNot(node(story), demand(story))).toBe('offline');
    expect(reasonsAgainst(node(story), demand(story))).toEqual(['offline', 'wrong-architecture', 'draining']);
    expect(whyNot(node(story.when(joins('n'))), demand(story))).toBe('wrong-architecture');
  });
});

describe('whether a node has any room', () => {
  const free = (sample: Parameters<typeof joins>[1]) => hasRoom(node(given(joins('n', sample))));

  it('is a free slot, or a core and the smallest memory', () => {
    expect(free({ config: { capacity: 1 } })).toBe(true);
    expect(free({ config: { capacity: 0 } })).toBe(false);
    expect(free({ config: { capacityMode: 'resource', vcpuOverride: 1, memoryMiBOverride: 64 } })).toBe(true);
    expect(free({ config: { capacityMode: 'resource', vcpuOverride: 1, memoryMiBOverride: 63 } })).toBe(false);
    expect(free({ config: { drain: true } })).toBe(false);
  });

  it('ends when the last core is given', () => {
    const story = given(joins('n', { config: { capacityMode: 'resource', vcpuOverride: 2 } }), push('t'));
    expect(hasRoom(node(story))).toBe(true);
    expect(hasRoom(node(story.when(start('a', 't'))))).toBe(false);
  });
});
