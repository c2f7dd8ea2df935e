import { nodeId, vmId } from '../ids.js';
import type { Node } from '../node/node.js';
import { given, type Said, samples } from '../testing/index.js';
import type { Vm } from '../vm/vm.js';
import { demandOf } from './demand.js';
import { levelOf, LOAD_LEVELS, loadOf, scoreOf, spreadOf, standingOf, WEIGHTS } from './score.js';

const { joins, push, start, startFailed, started, pulled } = samples;
const n = nodeId('n');
const nodeOf = (...story: Said[]) => given(...story).cluster.nodes.get(n) as Node;

describe('the load of a node', () => {
  const load = (...story: Said[]) => loadOf(nodeOf(...story));

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

  it('is told apart in levels', () => {
    expect(levelOf(nodeOf(joins('n')))).toBe(0);
    expect(levelOf(nodeOf(joins('n'), push('t'), start('a', 't')))).toBe(LOAD_LEVELS / 2);
    expect(levelOf(nodeOf(joins('n', { config: { capacity: 0 } })))).toBe(LOAD_LEVELS - 1);
  });
});

describe('the standing of a node', () => {
  const standing = (...story: Said[]) => {
    const { cluster } = given(...story);
    return standingOf(cluster.nodes.get(n) as Node, demandOf(cluster, cluster.vms.get(vmId('v')) as Vm));
  };
  const waiting = [push('t'), push('t', { tag: 'v2' }), joins('other'), start('v', 't', { nodeId: 'other' })] as const;
  const joinsWith = (tag: string) => joins('n', { cached: [{ templateId: 't', tag }] });

  it.each([
    ['cached', [joinsWith('v2'), ...waiting]],
    ['other-version', [joinsWith('v1'), ...waiting]],
    ['none', [joins('n'), ...waiting]],
    ['pulling', [joins('n'), ...waiting, start('x', 't', { nodeId: 'n' })]],
    ['none', [joins('n'), ...waiting, start('x', 't', { nodeId: 'n' }), pulled('x'), started('x')]],
  ] as [string, Said[]][])('knows how near the template is: %s', (tier, story) =>
    expect(standing(...story).tier).toBe(tier),
  );

  it('counts starts that failed in a row', () => {
    const failing = [joins('n'), ...waiting, start('x', 't', { nodeId: 'n' })];
    expect(standing(...failing, startFailed('x')).strikes).toBe(1);
    expect(standing(...failing, startFailed('x'), startFailed('x')).strikes).toBe(2);
    expect(standing(...failing, startFailed('x'), started('x')).strikes).toBe(0);
  });
});

describe('the score', () => {
  const spread = 1;
  const best = { tier: 'cached', level: 0, strikes: 0 } as const;
  const total = (changed: object, profile: 'distribute-load' | 'optimize-utilization' = 'distribute-load') =>
    scoreOf({ ...best, ...changed }, profile, spread).total;

  it('is more the nearer the template is', () => {
    const tiers = ['cached', 'other-version', 'pulling', 'none'].map((tier) => total({ tier }));
    expect(tiers).toEqual([...tiers].sort((a, b) => b - a));
    expect(new Set(tiers).size).toBe(4);
  });

  it('is more for idle nodes when load is distributed, and for busy ones when utilization is optimized', () => {
    expect(total({ level: 3 })).toBeLessThan(total({ level: 2 }));
    expect(total({ level: 3 }, 'optimize-utilization')).toBeGreaterThan(total({ level: 2 }, 'optimize-utilization'));
  });

  it('is less for each failed start, until a node that has the template falls behind one that has not', () => {
    const byStrikes = [0, 1, 2, 3].map((strikes) => total({ strikes }));
    expect(byStrikes).toEqual([...byStrikes].sort((a, b) => b - a));
    expect(byStrikes[2]).toBeGreaterThan(total({ tier: 'none' }));
    expect(byStrikes[3]).toBeLessThan(total({ tier: 'none' }));
  });

  it('has parts that make up the whole', () => {
    const {
      total: sum,
      locality,
      fit,
      health,
    } = scoreOf({ tier: 'pulling', level: 7, strikes: 2 }, 'distribute-load', 0.5);
    expect(sum).toBeCloseTo(locality + fit + health, 6);
    expect(locality).toBeLessThan(WEIGHTS.locality);
  });

  it('lets locality count less for a rare template, so that a half loaded node that has it does not win against an idle one', () => {
    const rare = spreadOf(1, 1000);
    const common = spreadOf(200, 1000);
    expect(common).toBe(1);
    const cachedAt = (level: number, factor: number) => scoreOf({ ...best, level }, 'distribute-load', factor).total;
    const idle = total({ tier: 'none' });
    expect(cachedAt(0, rare)).toBeGreaterThan(idle);
    expect(cachedAt(31, rare)).toBeLessThan(idle);
    expect(cachedAt(31, common)).toBeGreaterThan(idle);
    expect(spreadOf(0, 0)).toBeLessThan(1);
  });
});
