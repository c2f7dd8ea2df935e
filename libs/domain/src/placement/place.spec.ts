import { nodeId, vmId } from '../ids.js';
import { given, samples } from '../testing/index.js';
import type { Said, Story } from '../testing/index.js';

const { joins, push, start, startFailed, started, stopped, terminate, terminated, configure, silent, heard } = samples;

/** Where a VM sits, or undefined. */
function seatOf({ cluster }: Story, vm: string): string | undefined {
  const phase = cluster.vms.get(vmId(vm))?.phase;
  return phase !== undefined && 'at' in phase ? phase.at?.nodeId : undefined;
}
const placed = (story: Story) => story.happened.flatMap((event) => (event.type === 'VMScheduled' ? [event.vmId] : []));
const slots = (capacity: number) => ({ config: { capacity } });
const cached = [{ templateId: 't', tag: 'v1' }];
const resources = (cpuCount: number, memoryMiB: number) => ({
  facts: { cpuCount, memoryMiB },
  config: { capacityMode: 'resource' as const, capacity: 0 },
});

describe('the order of placement', () => {
  const waiting: Said[] = [
    push('t'),
    start('late', 't', { priority: 10_000 }),
    start(['first', 'second'], 't'),
    start('urgent', 't', { priority: 1 }),
    start('third', 't'),
  ];

  it('is by priority, lower first, and first come first served within', () => {
    const story = given(...waiting).when(joins('n', slots(5)));
    expect(placed(story)).toEqual(['urgent', 'first', 'second', 'third', 'late']);
  });

  it('holds over VMs of different kinds', () => {
    const story = given(push('t'), start('a', 't'), start('b', 't', { vcpu: 4 }), start('c', 't')).when(
      joins('n', slots(5)),
    );
    expect(placed(story)).toEqual(['a', 'b', 'c']);
  });

  it('gives the places there are to the most urgent', () => {
    const story = given(...waiting).when(joins('n', slots(2)));
    expect(placed(story)).toEqual(['urgent', 'first']);
    story.when(joins('m', slots(1)));
    expect(placed(story)).toEqual(['second']);
  });

  it('lets a VM that fits go before a more urgent one that does not', () => {
    const story = given(joins('n'), push('t'), push('arm', { arch: 'arm64' }), start('a', 'arm', { priority: 1 }));
    story.when(start('b', 't'));
    expect(placed(story)).toEqual(['b']);
  });

  it('puts a VM whose attempt failed before those that came after it', () => {
    const story = given(joins('n', slots(1)), push('t'), start(['a', 'b'], 't')).when(startFailed('a'));
    expect(placed(story)).toEqual(['a']);
  });
});

describe('the choice of a node', () => {
  it('prefers one that has the template, however loaded', () => {
    const fleet = [joins('a', slots(9)), joins('b', { ...slots(3), cached }), push('t'), start(['v', 'w'], 't')];
    const story = given(...fleet).when(start('x', 't'));
    expect(['v', 'w', 'x'].map((vm) => seatOf(story, vm))).toEqual(['b', 'b', 'b']);
    expect(seatOf(story.when(start('y', 't')), 'y')).toBe('a');
  });

  it('prefers the very version to another one, and another one to none', () => {
    const fleet = [joins('a'), joins('b', { cached }), joins('c', { cached: [{ templateId: 't', tag: 'v2' }] })];
    const story = given(...fleet, push('t'), push('t', { tag: 'v2' }));
    expect(seatOf(story.when(start('v', 't')), 'v')).toBe('c');
    expect(seatOf(story.when(configure('c', { drain: true })).when(start('w', 't')), 'w')).toBe('b');
  });

  it('spreads over nodes by the fraction in use, then in the order in which they joined', () => {
    const story = given(joins('c', slots(4)), joins('b', slots(2)), joins('a', slots(2)), push('t'));
    const seats = ['1', '2', '3', '4', '5', '6'].map((vm) => seatOf(story.when(start(vm, 't')), vm));
    expect(seats).toEqual(['c', 'b', 'a', 'c', 'c', 'b']);
  });

  it('avoids nodes on which the VM failed to start, but takes them before none', () => {
    const fleet = [joins('a', { ...slots(9), cached }), joins('b', slots(1)), push('t'), start('v', 't')];
    const story = given(...fleet);
    expect(seatOf(story, 'v')).toBe('a');
    expect(seatOf(story.when(startFailed('v')), 'v')).toBe('b');
    expect(seatOf(story.when(startFailed('v')), 'v')).toBe('a');
  });

  it('avoids the node for that VM only', () => {
    const story = given(joins('a', { ...slots(9), cached }), joins('b'), push('t'), start('v', 't'), startFailed('v'));
    expect(seatOf(story.when(start('w', 't')), 'w')).toBe('a');
  });

  it('keeps to the node that was asked for', () => {
    const story = given(joins('a', { cached }), joins('b', slots(1)), push('t')).when(start('v', 't', { nodeId: 'b' }));
    expect(seatOf(story, 'v')).toBe('b');
    expect(seatOf(story.when(start('w', 't', { nodeId: 'b' })), 'w')).toBeUndefined();
    expect(seatOf(story.when(configure('b', { capacity: 2 })), 'w')).toBe('b');
  });

  it('keeps to the architecture of the template', () => {
    const arm = joins('arm', { facts: { arch: 'arm64' } });
    const story = given(joins('a'), push('t', { arch: 'arm64' }), start('v', 't'));
    expect(seatOf(story, 'v')).toBeUndefined();
    expect(seatOf(story.when(arm), 'v')).toBe('arm');
  });

  it('leaves out nodes that drain, and nodes that are silent', () => {
    const story = given(joins('a'), joins('b'), configure('a', { drain: true }), silent('b'), push('t'));
    expect(seatOf(story.when(start('v', 't')), 'v')).toBeUndefined();
    expect(seatOf(story.when(heard('b')), 'v')).toBe('b');
    expect(seatOf(story.when(silent('b')), 'v')).toBeUndefined();
    expect(seatOf(story.when(configure('a', { drain: false })), 'v')).toBe('a');
  });
});

describe('capacity by number', () => {
  it('counts what starts, runs, ends and failed on the node, and not what is powered off', () => {
    const story = given(joins('n', slots(1)), push('t'), start(['a', 'b'], 't'));
    expect(seatOf(story, 'b')).toBeUndefined();
    expect(seatOf(story.when(started('a')), 'b')).toBeUndefined();
    expect(seatOf(story.when(stopped('a')), 'b')).toBe('n');
    story.when(start('c', 't')).when(terminate('b'));
    expect(seatOf(story, 'c')).toBeUndefined();
    expect(seatOf(story.when(terminated('b')), 'c')).toBe('n');
  });

  it('does not look at cores and memory', () => {
    const story = given(joins('n', { ...slots(3), facts: { cpuCount: 1, memoryMiB: 64 } }), push('t', { cpu: 8 }));
    expect(placed(story.when(start(['a', 'b', 'c', 'd'], 't')))).toHaveLength(3);
  });
});

describe('capacity by resources', () => {
  it('gives twice the cores and no more', () => {
    const story = given(joins('n', resources(3, 1_000_000)), push('t')).when(start(['a', 'b', 'c', 'd'], 't'));
    expect(placed(story)).toEqual(['a', 'b', 'c']);
  });

  it('gives the memory less 2 GiB for the host', () => {
    const story = given(joins('n', resources(64, 2048 + 3 * 2048)), push('t')).when(start(['a', 'b', 'c', 'd'], 't'));
    expect(placed(story)).toEqual(['a', 'b', 'c']);
  });

  it('gives nothing when there is not even memory for the host', () => {
    const story = given(joins('n', resources(64, 2000)), push('t')).when(start('a', 't', { memoryMiB: 64 }));
    expect(placed(story)).toEqual([]);
  });

  it('counts what the request asks for instead of the template', () => {
    const story = given(joins('n', resources(2, 1_000_000)), push('t')).when(start(['a', 'b'], 't', { vcpu: 3 }));
    expect(placed(story)).toEqual(['a']);
    expect(placed(story.when(start('c', 't', { vcpu: 1 })))).toEqual(['c']);
  });

  it('goes by the overrides when there are any', () => {
    const story = given(joins('n', resources(1, 64)), push('t'), start(['a', 'b', 'c'], 't'));
    expect(placed(story.when(configure('n', { memoryMiBOverride: 1_000_000 })))).toEqual(['a']);
    expect(placed(story.when(configure('n', { vcpuOverride: 5 })))).toEqual(['b']);
    expect(placed(story.when(configure('n', { vcpuOverride: 0 })))).toEqual([]);
  });

  it('places the next that fits when the first in the queue is too large', () => {
    const story = given(push('t'), start('large', 't', { vcpu: 100 }), start('small', 't')).when(
      joins('n', resources(4, 1_000_000)),
    );
    expect(placed(story)).toEqual(['small']);
  });
});

describe('a node that has no room any more', () => {
  it('is chosen again as soon as it has some, whatever it had before', () => {
    const story = given(joins('n', { ...slots(1), cached }), push('t'), start('a', 't'), started('a'));
    story.when({ type: 'DeleteNode', nodeId: 'n' }).when(start('b', 't'));
    expect(seatOf(story, 'b')).toBeUndefined();
    expect(seatOf(story.when(joins('n')), 'b')).toBe('n');
    expect(story.cluster.nodes.get(nodeId('n'))?.used.vms).toBe(1);
  });
});
