import { nodeId, vmId } from '../ids.js';
import type { Policy } from '../policy.js';
import { at, given, nothing, samples, type Said, type SaidAt, type Story } from '../testing/index.js';

const { joins, push, start, started, terminate, terminated, timers, configure } = samples;

const seatOf = ({ cluster }: Story, vm: string): string | undefined => {
  const phase = cluster.vms.get(vmId(vm))?.phase;
  return phase !== undefined && 'at' in phase ? phase.at?.nodeId : undefined;
};
const having = (templateId: string, capacity = 1) => ({
  config: { capacity },
  cached: [{ templateId, tag: 'v1' }],
});
const policy = (changed: Partial<Policy>) => ({ type: 'SetPolicy', policy: changed }) as const;
const deferred = { type: 'VMDeferred' as const, vmId: vmId('v'), nodeId: nodeId('has') };

/** `has` has the template and is full, and its VM is just ending; `lacks` is free. */
const aboutToBeFree: (Said | SaidAt)[] = [
  push('t'),
  joins('has', having('t')),
  joins('lacks'),
  start('old', 't'),
  started('old'),
  at(10_000, terminate('old')),
];
const startedAt = 10_500;
const until = Date.UTC(2026, 0, 1) + startedAt + 5_000;

describe('a VM whose template is on a node that is about to have room', () => {
  const waiting = () => given(...aboutToBeFree).when(start('v', 't'), { at: startedAt });

  it('waits a moment instead of starting a pull elsewhere, and says for what', () => {
    const story = waiting();
    expect(story.happened.slice(1)).toEqual([{ ...deferred, until }]);
    expect(seatOf(story, 'v')).toBeUndefined();
  });

  it('gets that node as soon as it is free', () => {
    expect(seatOf(waiting().when(terminated('old'), { at: 12_000 }), 'v')).toBe('has');
  });

  it('takes what there is when the moment has passed, and waits no second time', () => {
    const story = waiting().when(timers, { at: startedAt + 5_000 });
    expect(story.happened.map(({ type }) => type)).toEqual(['VMDeferralEnded', 'VMScheduled']);
    expect(seatOf(story, 'v')).toBe('lacks');
  });

  it('lets other free nodes go meanwhile, but not those that have the template', () => {
    expect(seatOf(waiting().when(joins('new')), 'v')).toBeUndefined();
    expect(seatOf(waiting().when(joins('new', having('t'))), 'v')).toBe('new');
  });

  it('does not wait for a place for which another one waits', () => {
    const story = waiting().when(start('w', 't'), { at: startedAt + 1 });
    expect(seatOf(story, 'w')).toBe('lacks');
  });

  it('does not wait when the operator does not want it', () => {
    const story = given(at(1, policy({ cachedNodeWaitMs: 0 })), ...aboutToBeFree).when(start('v', 't'), {
      at: startedAt,
    });
    expect(seatOf(story, 'v')).toBe('lacks');
  });

  it('is forgotten by the node when it is terminated', () => {
    const story = waiting().when(terminate('v'), { at: startedAt + 1 });
    expect(story.cluster.nodes.get(nodeId('has'))?.awaited).toBe(0);
  });
});

describe('a free place on a node that pulls', () => {
  const pulling = [push('t'), push('u'), joins('n', { config: { capacity: 3 } }), start('first', 't')];

  it('is for VMs of that template, and of those in its cache, while the pull lasts', () => {
    const story = given(...pulling).when(start('other', 'u'));
    expect(seatOf(story, 'other')).toBeUndefined();
    expect(seatOf(story.when(start('same', 't')), 'same')).toBe('n');
    story.when({ type: 'ReportTemplatePulled', nodeId: 'n', templateId: 't', tag: 'v1' });
    expect(seatOf(story, 'other')).toBe('n');
  });

  it('is for others when the VM that needed the pull is gone', () => {
    const story = given(...pulling, start('other', 'u'), terminate('first'));
    expect(seatOf(story.when(terminated('first')), 'other')).toBe('n');
  });
});

describe('the order in which VMs wait', () => {
  const full = [push('t'), push('u'), joins('n', having('u')), start('busy', 'u'), started('busy')];
  const freed = [terminate('busy'), terminated('busy')] as const;
  const winner = (...waiting: (Said | SaidAt)[]) => {
    const story = given(...full, ...waiting, freed[0]).when(freed[1]);
    return story.happened.find(({ type }) => type === 'VMScheduled');
  };

  it('lets a younger VM go first that finds its template where an older one would have to pull', () => {
    expect(winner(start('old', 't'), start('young', 'u'))).toMatchObject({ vmId: 'young' });
  });

  it('does so only within one priority', () => {
    expect(winner(start('old', 't', { priority: 999 }), start('young', 'u'))).toMatchObject({ vmId: 'old' });
  });

  it('does so only while the older one is not much older', () => {
    expect(winner(at(1_000, start('old', 't')), at(61_001, start('young', 'u')))).toMatchObject({ vmId: 'old' });
    expect(winner(at(1_000, start('old', 't')), at(61_000, start('young', 'u')))).toMatchObject({ vmId: 'young' });
  });
});

describe('nothing starves', () => {
  const full = [push('t'), joins('n', having('t')), start('busy', 't'), started('busy')];
  const boundMs = (10_000 - 1) * 3_600;
  const afterLow = (ms: number) =>
    given(
      ...full,
      at(1_000, start('low', 't', { priority: 10_000 })),
      at(1_000 + ms, start('high', 't', { priority: 1 })),
      terminate('busy'),
    ).when(terminated('busy'));

  it('the least urgent VM is overtaken by the most urgent one that comes within ten hours', () => {
    expect(seatOf(afterLow(boundMs - 1), 'high')).toBe('n');
  });

  it('and by none that comes later', () => {
    expect(seatOf(afterLow(boundMs), 'low')).toBe('n');
  });

  it('a new worth of priority gives everybody who waits his new place', () => {
    const story = given(
      ...full,
      at(1_000, start('low', 't', { priority: 2 })),
      at(2_000, start('high', 't', { priority: 1 })),
      policy({ ageingMsPerPoint: 10 }),
      terminate('busy'),
    );
    expect(seatOf(story.when(terminated('busy')), 'low')).toBe('n');
  });
});

describe('the profile', () => {
  const fleet = [push('t'), joins('a', having('t', 4)), joins('b', having('t', 4))];
  const seats = (story: Story) => ['1', '2', '3'].map((vm) => seatOf(story.when(start(vm, 't')), vm));

  it('distribute-load keeps nodes level', () => expect(seats(given(...fleet))).toEqual(['a', 'b', 'a']));

  it('optimize-utilization fills one after the other', () => {
    expect(seats(given(policy({ profile: 'optimize-utilization' }), ...fleet))).toEqual(['a', 'a', 'a']);
  });
});

describe('preemption', () => {
  const running = [
    push('t'),
    joins('n', having('t', 2)),
    start('cheap', 't', { priority: 5_000 }),
    start('cheaper', 't', { priority: 9_000 }),
    started('cheap'),
    started('cheaper'),
  ];
  const urgent = start('urgent', 't', { priority: 1_000 });

  it('is off unless the operator wants it', () => {
    expect(
      given(...running)
        .when(urgent)
        .happened.map(({ type }) => type),
    ).toEqual(['StartVM']);
  });

  it('ends the least urgent VM, once, and gives its place to the one that needs it', () => {
    const story = given(policy({ preemptionGap: 4_000 }), ...running).when(urgent);
    const victim = { type: 'VMPreempted' as const, vmId: vmId('cheaper'), nodeId: nodeId('n'), byVmId: vmId('urgent') };
    expect(story.happened.slice(1)).toEqual([victim]);
    story.when(configure('n', { drain: true })).then(...story.happened.slice(0, 1));
    story.when(configure('n', { drain: false }));
    expect(seatOf(story.when(terminated('cheaper')), 'urgent')).toBe('n');
  });

  it('ends nothing that is not far less urgent', () => {
    given(policy({ preemptionGap: 8_001 }), ...running, urgent)
      .when(timers)
      .then(nothing);
  });
});
