import { nodeId } from '../ids.js';
import { given, refused, samples } from '../testing/index.js';
import type { NodeConfig } from './node.js';

const { joins, push, start, started, configure } = samples;
const n = nodeId('n');
const busy = () => given(joins('n'), push('t'), start(['a', 'b'], 't'), started('a'));

describe('ConfigNode', () => {
  it('changes each field by itself', () => {
    const changes: Partial<NodeConfig>[] = [
      { capacity: 5 },
      { capacityMode: 'resource' },
      { vcpuOverride: 3 },
      { memoryMiBOverride: 4096 },
      { drain: true },
    ];
    const story = given(joins('n'));
    for (const config of changes) story.when(configure('n', config)).then({ type: 'ConfigNode', nodeId: n, config });
    expect(story.cluster.nodes.get(n)?.config).toEqual(Object.assign({}, ...changes));
  });

  it('changes name and address', () => {
    const story = given(joins('n'))
      .when({ type: 'ConfigNode', nodeId: 'n', name: 'new', config: {} })
      .then({ type: 'ConfigNode', nodeId: n, facts: { name: 'new' } })
      .when({ type: 'ConfigNode', nodeId: 'n', host: '192.0.2.7', config: {} })
      .then({ type: 'ConfigNode', nodeId: n, facts: { host: '192.0.2.7' } });
    expect(story.cluster.nodes.get(n)?.facts).toMatchObject({ name: 'new', host: '192.0.2.7', cpuCount: 8 });
  });

  it('does not take an absent field, or one that nobody knows, for a change', () => {
    const config = { capacity: undefined, colour: 'red', drain: true } as never;
    given(joins('n'))
      .when(configure('n', config))
      .then({ type: 'ConfigNode', nodeId: n, config: { drain: true } });
  });

  it('gives waiting VMs the new room', () => {
    const story = given(joins('n', { config: { capacity: 0 } }), push('t'), start('a', 't'));
    story.when(configure('n', { capacity: 1 }));
    expect(story.happened.map(({ type }) => type)).toEqual(['ConfigNode', 'VMScheduled']);
  });

  it('drains without touching what runs, and takes new VMs again afterwards', () => {
    const story = given(joins('n'), push('t'), start('a', 't'), configure('n', { drain: true }), start('b', 't'));
    expect(story.cluster.nodes.get(n)?.used.vms).toBe(1);
    story.when(configure('n', { drain: false }));
    expect(story.happened.map(({ type }) => type)).toEqual(['ConfigNode', 'VMScheduled']);
  });

  it.each<[string, Partial<NodeConfig>, number]>([
    ['fewer slots than VMs', { capacity: 1 }, 1],
    ['no slots', { capacity: 0 }, 0],
    ['few slots in a mode in which they count', { capacityMode: 'number', capacity: 1 }, 1],
  ])('says no to %s', (_, config, capacity) => {
    busy()
      .when(configure('n', config))
      .then(refused({ code: 'CAPACITY_BELOW_USE', nodeId: 'n', field: 'max_vm_count', capacity, inUse: 2 }));
  });

  it('says no to counting slots when there are fewer than VMs', () => {
    const story = busy().when(configure('n', { capacityMode: 'resource', capacity: 1 }));
    story
      .when(configure('n', { capacityMode: 'number' }))
      .then(refused({ code: 'CAPACITY_BELOW_USE', nodeId: 'n', field: 'max_vm_count', capacity: 1, inUse: 2 }));
  });

  it('lets a powered off VM not stand in the way', () => {
    busy()
      .when(samples.stopped('a'))
      .when(configure('n', { capacity: 1 }))
      .then({ type: 'ConfigNode', nodeId: n, config: { capacity: 1 } });
  });

  it.each<[string, Partial<NodeConfig>, object]>([
    ['fewer cores', { vcpuOverride: 3 }, { field: 'vcpu_override', capacity: 3, inUse: 4 }],
    ['less memory', { memoryMiBOverride: 4095 }, { field: 'ram_override', capacity: 4095, inUse: 4096 }],
  ])('says no to %s than the VMs take, where resources count or begin to count', (_, config, what) => {
    const no = refused({ code: 'CAPACITY_BELOW_USE', nodeId: 'n', ...what } as never);
    const changed = { ...config, capacityMode: 'resource' as const };
    busy()
      .when(configure('n', changed))
      .then(no)
      .when(configure('n', config))
      .then({ type: 'ConfigNode', nodeId: n, config })
      .when(configure('n', { capacityMode: 'resource' }))
      .then(no);
  });

  it('lets a node be drained, and told more, that holds more than it may because it shrank', () => {
    const story = busy().when(configure('n', { capacityMode: 'resource' }));
    story.when(joins('n', { facts: { cpuCount: 1 } })).when(configure('n', { drain: true }));
    expect(story.happened.map(({ type }) => type)).toEqual(['ConfigNode']);
  });

  it('says no to values out of range', () => {
    const range = (field: string, value: number, max: number) =>
      refused({ code: 'OUT_OF_RANGE', field, value, min: 0, max });
    given(joins('n'))
      .when(configure('n', { capacity: -1 }))
      .then(range('max_vm_count', -1, 10_000))
      .when(configure('n', { vcpuOverride: 8193 }))
      .then(range('vcpu_override', 8193, 8192))
      .when(configure('n', { memoryMiBOverride: 1.5 }))
      .then(range('ram_override', 1.5, 268_435_456))
      .when(configure('n', { capacityMode: 'both' as never }))
      .then(refused({ code: 'INVALID', field: 'capacity_mode', message: 'is "both": must be one of number, resource' }))
      .when({ type: 'ConfigNode', nodeId: 'n', name: 'x'.repeat(257), config: {} })
      .then(refused({ code: 'INVALID', field: 'name', message: 'is 257 characters long: must be at most 256' }));
  });

  it('knows no node that is not there', () => {
    given()
      .when(configure('n', {}))
      .then(refused({ code: 'NODE_UNKNOWN', nodeId: 'n' }));
  });
});
