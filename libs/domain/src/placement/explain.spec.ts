import { given, samples, type Story } from '../testing/index.js';
import { explain, type Explanation } from './explain.js';

const { joins, push, start, configure, silent, started, startFailed, lost, terminate, terminated } = samples;
const byResources = (memoryMiBOverride: number, vcpuOverride = 8) => ({
  config: { capacityMode: 'resource' as const, vcpuOverride, memoryMiBOverride },
});

function told(story: Story, id = 'a'): Explanation {
  const explanation = explain(story.cluster, id);
  if (explanation === undefined) throw new Error(`there is no VM ${id}`);
  return explanation;
}

describe('a VM that waits', () => {
  const story = () =>
    given(
      joins('n1', byResources(8192)),
      joins('n2', byResources(8192)),
      joins('n3', { config: { drain: true } }),
      joins('n4'),
      silent('n4'),
      push('t', { memoryMiB: 4096 }),
      start(['v1', 'v2', 'v3'], 't'),
      start(['v4', 'v5'], 't'),
      start('a', 't'),
    );

  it('is explained by what keeps it from each node', () => {
    const { waits, sentence, ...rest } = told(story());
    expect(sentence).toBe('Waits: no node has 4096 MiB free (2 full, 1 draining, 1 offline)');
    expect(waits).toMatchObject({
      ahead: 1,
      nodes: 4,
      counts: { available: 0, 'no-memory': 2, draining: 1, offline: 1 },
      impossible: false,
    });
    expect(waits?.nearest).toEqual([
      { nodeId: 'n1', obstacles: [{ reason: 'no-memory', outlook: 'passing', lack: lack(4096, 0, 8192) }] },
      { nodeId: 'n2', obstacles: [{ reason: 'no-memory', outlook: 'passing', lack: lack(4096, 0, 8192) }] },
      { nodeId: 'n3', obstacles: [{ reason: 'draining', outlook: 'passing' }] },
    ]);
    expect(rest).toEqual({ vmId: 'a', phase: 'pending', attempts: [] });
  });

  const lack = (needs: number, free: number, limit: number) => ({ of: 'memoryMiB', needs, free, limit });

  it('has all reasons against a near node, not only the first', () => {
    const one = given(
      joins('n', { config: { drain: true, capacity: 0 } }),
      silent('n'),
      push('t', { arch: 'arm64' }),
      start('a', 't'),
    );
    expect(told(one).waits?.nearest[0]?.obstacles.map(({ reason, outlook }) => [reason, outlook])).toEqual([
      ['offline', 'passing'],
      ['wrong-architecture', 'lasting'],
      ['draining', 'passing'],
      ['full', 'lasting'],
    ]);
  });

  it('prefers to name nodes that can change by themselves', () => {
    const fleet = ['b', 'c', 'd'].map((id) => joins(id, { facts: { arch: 'arm64' } }));
    const one = given(...fleet, joins('z'), silent('z'), push('t'), start('a', 't'));
    expect(told(one).waits?.nearest.map(({ nodeId }) => nodeId)).toEqual(['z', 'b', 'c']);
    expect(told(one).sentence).toBe('Waits: no node can take it now (3 of another architecture than amd64, 1 offline)');
  });

  it('says so when it lacks several things', () => {
    const one = given(joins('m', byResources(2048)), joins('n', { config: { capacity: 1 } }), push('t'));
    one.when(start(['x', 'y', 'a'], 't'));
    expect(told(one).sentence).toBe('Waits: no node can take it now (2 full)');
  });

  it('waits since its last attempt failed, and tells of the attempt', () => {
    const one = given(joins('n'), push('t'), start('a', 't'), configure('n', { drain: true }), startFailed('a'));
    const { waits, attempts } = told(one);
    expect(attempts).toEqual([{ nodeId: 'n', message: 'no luck', at: one.history.time }]);
    expect(waits?.since).toBe(one.history.time);
  });

  it('is told when a node could take it and it only waits for its turn', () => {
    const one = given(joins('n', { config: { drain: true } }), push('t'), start(['x', 'a'], 't'));
    const node = [...one.cluster.nodes.values()][0];
    if (node === undefined) throw new Error('there is a node');
    // As in the middle of a turn, before placement has looked.
    node.config = { ...node.config, drain: false };
    expect(told(one).waits?.counts).toEqual({ available: 1 });
    expect(told(one).sentence).toBe('Waits for its turn: 1 of 1 nodes could take it now, 1 VM goes before it');
  });
});

describe('a VM that lets a node go because another is worth the wait', () => {
  it('says for which it waits, and until when', () => {
    const one = given(
      push('t'),
      joins('has', { config: { capacity: 1 }, cached: [{ templateId: 't', tag: 'v1' }] }),
      joins('lacks'),
      start('old', 't'),
      started('old'),
      terminate('old'),
      start('a', 't'),
    );
    const { waits, sentence } = told(one);
    const until = one.history.time + 5_000;
    expect(waits).toMatchObject({ waitsFor: { nodeId: 'has', until }, counts: { available: 1, full: 1 } });
    const when = new Date(until).toISOString();
    expect(sentence).toBe(`Waits until ${when} for has, which has its template: 1 of 2 nodes could take it now`);
  });
});

describe('a VM that no node could ever take', () => {
  const cases: [string, Story][] = [
    ['there are no nodes', given(push('t'), start('a', 't'))],
    [
      '2 of another architecture than arm64',
      given(joins('m'), joins('n'), silent('n'), push('t', { arch: 'arm64' }), start('a', 't')),
    ],
    [
      '1 too small for 4096 MiB, 1 too small for 9 vCPUs',
      given(
        joins('m', byResources(2048, 9)),
        joins('n', byResources(8192)),
        push('t'),
        start('a', 't', { memoryMiB: 4096, vcpu: 9 }),
      ),
    ],
    [
      '1 other than n, 1 without any slot',
      given(joins('m'), joins('n', { config: { capacity: 0 } }), push('t'), start('a', 't', { nodeId: 'n' })),
    ],
  ];

  it.each(cases)('because: %s', (why, story) => {
    expect(told(story).waits?.impossible).toBe(true);
    expect(told(story).sentence).toBe(`Waits: no node of the fleet could ever take it: ${why}`);
  });

  it('is one whose size no empty node has, though nodes are also full', () => {
    const story = given(
      joins('m', byResources(2048)),
      joins('n', byResources(8192)),
      push('t'),
      start(['x', 'y'], 't'),
      start('a', 't', { memoryMiB: 8193, vcpu: 1 }),
    );
    expect(told(story).sentence).toBe('Waits: no node of the fleet could ever take it: 2 too small for 8193 MiB');
    story.when(joins('o', byResources(8193)));
    expect(told(story).phase).toBe('assigned');
  });
});

describe('a node that is full of VMs which nobody here knows', () => {
  it('is full and not too small: they may end', () => {
    const one = given(joins('n', { config: { capacity: 1 } }), push('t'), start('x', 't'), start('a', 't'));
    const node = [...one.cluster.nodes.values()][0];
    if (node === undefined) throw new Error('there is a node');
    node.unknownVms = 1;
    expect(told(one).waits?.nearest[0]?.obstacles).toMatchObject([{ reason: 'full', outlook: 'passing' }]);
    expect(told(one).waits?.impossible).toBe(false);
  });
});

describe('a VM that is placed', () => {
  const story = () => given(joins('n'), push('t'), start('a', 't'));

  it('is explained by its seat and by the recorded choice', () => {
    const one = story();
    const epoch = one.cluster.sequence;
    const vm = one.cluster.vms.get('a' as never);
    if (vm === undefined) throw new Error('the VM is there');
    delete vm.choice;
    expect(told(one)).toMatchObject({ sentence: 'Placed on n', placed: { nodeId: 'n', epoch }, phase: 'assigned' });
    const score = (total: number) => ({ total, locality: 1, fit: 0.5, health: 0.5 });
    vm.choice = { score: score(2) };
    expect(told(one).sentence).toBe('Placed on n: no other node could take it');
    vm.choice = { score: score(2), runnerUp: { nodeId: 'm' as never, score: score(1.23456) } };
    expect(told(one).sentence).toBe('Placed on n: it scored 2, the next best, m, 1.235');
    expect(told(one).placed?.choice).toEqual(vm.choice);
    expect(told(one).waits).toBeUndefined();
  });

  it('is explained after it failed, ended or is ending', () => {
    const failed = story().when(startFailed('a', false));
    expect(told(failed)).toMatchObject({ sentence: 'Failed: no luck', message: 'no luck', phase: 'failed' });
    const gone = story().when(started('a')).when(lost('a'));
    expect(told(gone)).toMatchObject({ sentence: 'Failed: not on the host', phase: 'failed' });
    const ending = story().when(started('a')).when(terminate('a'));
    expect(told(ending)).toMatchObject({ sentence: 'Is being terminated on n', placed: { nodeId: 'n' } });
    ending.when(terminated('a'));
    expect(told(ending)).toMatchObject({ sentence: 'Terminated', phase: 'terminated' });
    expect(told(ending).placed).toBeUndefined();
  });

  it('is not there: nothing is explained', () => {
    expect(explain(story().cluster, 'b')).toBeUndefined();
  });
});
