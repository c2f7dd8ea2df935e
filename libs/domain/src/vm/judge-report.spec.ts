import { nodeId, vmId } from '../ids.js';
import { given, nothing, samples } from '../testing/index.js';
import type { Said } from '../testing/index.js';
import type { VmReport } from './vm-commands.js';

const { joins, push, start, instance, report, scriptResult } = samples;
const { pulling, pulled, started, startFailed, stopped, lost, restarted, restart, terminate, terminated } = samples;
const at = { vmId: vmId('a'), nodeId: nodeId('n') };
const off = instance({ status: 'stopped', stoppedAt: 3_000 });

/** The same VM in every phase in which a node may speak of it. */
const PHASES = {
  assigned: [],
  pulling: [pulling('a')],
  running: [started('a')],
  stopped: [started('a'), stopped('a')],
  failed: [report('a', { type: 'ReportVMStartFailed', message: 'script', retryable: false, instance: instance() })],
  terminating: [started('a'), terminate('a')],
} satisfies Record<string, Said[]>;
const fleet = [joins('n'), push('t'), start('a', 't')];
const inPhase = (phase: keyof typeof PHASES) => given(...fleet, ...PHASES[phase]);

const REPORTS = {
  ReportVMPulling: pulling('a'),
  ReportVMPulled: pulled('a'),
  ReportVMStarted: started('a'),
  ReportVMStartFailed: startFailed('a', false),
  ReportVMRestarted: restarted('a'),
  ReportVMStopped: stopped('a'),
  ReportVMLost: lost('a'),
  ReportVMTerminated: terminated('a'),
} satisfies Record<VmReport['type'], Said>;

/** Which event each report brings forth in each phase; nothing where none is named. */
const TABLE: Record<keyof typeof PHASES, Partial<Record<VmReport['type'], string>>> = {
  assigned: { ReportVMPulling: 'VMPulling', ReportVMStarted: 'VMStarted', ReportVMStartFailed: 'VMFailedToStart' },
  pulling: { ReportVMPulled: 'VMPulled', ReportVMStarted: 'VMStarted', ReportVMStartFailed: 'VMFailedToStart' },
  running: { ReportVMRestarted: 'VMRestarted', ReportVMStopped: 'VMStopped', ReportVMLost: 'VMLost' },
  stopped: { ReportVMRestarted: 'VMRestarted', ReportVMLost: 'VMLost' },
  failed: { ReportVMLost: 'VMLost' },
  terminating: { ReportVMTerminated: 'VMTerminated' },
};

const cases = Object.keys(PHASES).flatMap((phase) =>
  Object.keys(REPORTS).map((type) => [phase as keyof typeof PHASES, type as keyof typeof REPORTS] as const),
);

describe('a report', () => {
  it.each(cases)('of a VM that is %s: %s', (phase, type) => {
    const expected = TABLE[phase][type];
    const story = inPhase(phase).when(REPORTS[type]);
    expect(story.happened.map((event) => event.type)).toEqual(expected === undefined ? [] : [expected]);
  });

  it.each(cases)('about another seat of a VM that is %s changes nothing: %s', (phase, type) => {
    const story = inPhase(phase);
    const said = REPORTS[type](story.cluster);
    for (const other of [{ epoch: said.epoch - 1 }, { epoch: said.epoch + 1 }, { nodeId: 'm' }, { vmId: 'b' }])
      story.when({ ...said, ...other }).then(nothing);
  });

  it.each(Object.keys(REPORTS) as (keyof typeof REPORTS)[])(
    'of a VM that waits or has ended changes nothing: %s',
    (type) => {
      const seated = given(...fleet);
      const said = REPORTS[type](seated.cluster);
      given(push('t'), start('a', 't')).when(said).then(nothing);
      given(...fleet, terminate('a'), terminated('a'))
        .when(said)
        .then(nothing);
    },
  );

  it('tells the script result with the start', () => {
    const script = scriptResult();
    given(...fleet)
      .when(report('a', { type: 'ReportVMStarted', instance: instance(), script }))
      .then({ type: 'VMStarted', ...at, instance: instance(), script });
  });

  it('keeps the script result when the VM stops, restarts or is lost', () => {
    const script = scriptResult();
    const story = given(...fleet, report('a', { type: 'ReportVMStarted', instance: instance(), script }));
    for (const said of [stopped('a'), restarted('a'), restart('a'), lost('a')]) {
      story.when(said);
      expect(story.cluster.vms.get(at.vmId)?.phase).toMatchObject({ script });
    }
  });

  it('of a failed script says what is left on the node', () => {
    const script = scriptResult({ returnCode: 3 });
    const said = {
      type: 'ReportVMStartFailed',
      message: 'script failed',
      retryable: false,
      script,
      instance: off,
    } as const;
    const story = given(...fleet)
      .when(report('a', said))
      .then({ type: 'VMFailedToStart', ...at, message: 'script failed', instance: off, script });
    expect(story.cluster.vms.get(at.vmId)?.phase).toMatchObject({ name: 'failed', at: { nodeId: 'n' }, script });
  });

  it('of a failed start names no node when nothing is left there', () => {
    const story = given(...fleet)
      .when(startFailed('a', false))
      .then({ type: 'VMFailedToStart', vmId: at.vmId, message: 'no luck' });
    expect(story.cluster.nodes.get(at.nodeId)?.vms.size).toBe(0);
  });

  it('that a failed VM is gone keeps what went wrong first', () => {
    inPhase('failed')
      .when(lost('a'))
      .then({ type: 'VMLost', ...at, message: 'script' });
  });

  it('that a VM stopped gives its room to the next', () => {
    const story = given(joins('n', { config: { capacity: 1 } }), push('t'), start(['a', 'b'], 't'), started('a'));
    story
      .when(stopped('a'))
      .then({ type: 'VMStopped', ...at, instance: off }, { type: 'VMScheduled', ...at, vmId: vmId('b'), attempt: 1 });
  });
});

describe('a failed attempt', () => {
  const attempt = (n: number) => ({ type: 'VMStartAttemptFailed' as const, ...at, attempt: n, message: 'no luck' });
  const again = (n: number) => ({ type: 'VMScheduled' as const, ...at, attempt: n });

  it('is made again up to three times, and then the start has failed for good', () => {
    const story = given(...fleet)
      .when(startFailed('a'))
      .then(attempt(1), again(2))
      .when(startFailed('a'))
      .then(attempt(2), again(3))
      .when(startFailed('a'))
      .then({ type: 'VMFailedToStart', vmId: at.vmId, message: 'no luck' });
    expect(story.cluster.vms.get(at.vmId)?.attempts).toHaveLength(2);
  });

  it('gives the VM a new epoch, so that the old seat says nothing any more', () => {
    const story = given(...fleet);
    const old = started('a')(story.cluster);
    story.when(startFailed('a')).when(old).then(nothing).when(started('a'));
    expect(story.happened.map(({ type }) => type)).toEqual(['VMStarted']);
  });

  it('goes to another node if one can take it', () => {
    given(...fleet, joins('m'))
      .when(startFailed('a'))
      .then(attempt(1), { ...again(2), nodeId: nodeId('m') });
  });

  it('puts the VM back to its old place in the queue', () => {
    const story = given(joins('n', { config: { capacity: 1 } }), push('t'), start('a', 't'), start('b', 't'));
    story.when(startFailed('a')).then(attempt(1), again(2));
  });
});
