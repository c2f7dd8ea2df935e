import { desiredNode } from '../node/desired.js';
import { nodeId, saveId, templateId, vmId } from '../ids.js';
import { given, nothing, samples, type Said } from '../testing/index.js';

const { blob, distribute, joins, lost, push, report, restarted, restart, save, saved, saveFailed } = samples;
const { configure, scriptResult, silent, start, started, stopped, terminated, timers } = samples;
const vm = vmId('a');
const n = nodeId('n');
const t = templateId('t1');
const one = saveId('s');
const kernel = { kernel: blob('kernel'), cmdline: 'quiet' };
const running: Said[] = [joins('n'), push('t1', kernel), start('a', 't1', { vcpu: 3 }), started('a')];
const held: Said[] = [...running, save('s', 'a', { description: 'with tools' })];
const pushed = { type: 'VMPushed' as const, vmId: vm, nodeId: n, requestId: one };
const goesOn = { type: 'VMPushFailed' as const, vmId: vm, nodeId: n, requestId: one };
const failed = { type: 'ImageSaveFailed' as const, requestId: one, vmId: vm };

describe('a node that has saved a VM', () => {
  it('has made a new version of the template, and the VM ends', () => {
    const layer = blob('layer of a');
    const story = given(...held).when(saved('a', 's'));
    story.then(
      {
        type: 'PushTemplate',
        templateId: t,
        name: 'template t1',
        arch: 'amd64',
        version: {
          number: 1,
          tag: 'saved',
          description: 'with tools',
          image: {
            templateId: 't1',
            templateName: 'template t1',
            tag: 'saved',
            version: 1,
            arch: 'amd64',
            base: [blob('t1 v1')],
            disk: layer,
            ...kernel,
          },
          cpu: 3,
          memoryMiB: 2048,
          forwards: [{ name: 'ssh', guestPort: 22 }],
          pushedAt: story.history.time,
        },
      },
      { type: 'ImageSaved', requestId: one, vmId: vm, templateId: t, tag: 'saved', version: 1 },
      pushed,
    );
    expect(story.cluster.vms.get(vm)?.phase.name).toBe('terminating');
    expect(story.cluster.saves.get(one)?.state).toBe('done');
  });

  it('stacks layer on layer', () => {
    const again: Said[] = [terminated('a'), start('b', 't1'), started('b'), save('r', 'b', { tag: 'again' })];
    const { cluster } = given(...held, saved('a', 's'), ...again, saved('b', 'r'));
    const image = cluster.templates.get(t)?.versions[2]?.image;
    expect(image?.base).toEqual([blob('t1 v1'), blob('layer of a')]);
    expect(image?.disk).toEqual(blob('layer of b'));
  });

  it('makes a template that was not there', () => {
    const fresh = save('s', 'a', { target: { newTemplateId: 'new', newTemplateName: 'fresh' } });
    const { cluster } = given(...running, fresh, saved('a', 's'));
    expect(cluster.templates.get(templateId('new'))).toMatchObject({ name: 'fresh', versions: [{ number: 0 }] });
  });

  it('leaves nothing of the VM to see as soon as it is gone', () => {
    const story = given(...held, saved('a', 's'), terminated('a')).when(timers);
    story.then({ type: 'VMRemoved', vmId: vm });
  });

  it('has the version taken back first that it is to replace; who waits for it fails', () => {
    const order = { tag: 'v2', revertBeforePush: true, revertTag: 'v2' };
    const before: Said[] = [
      ...running,
      push('t1', { tag: 'v2' }),
      configure('n', { capacity: 1 }),
      start('w', 't1'),
      joins('m', { config: { drain: true } }),
      distribute('d', 't1', { nodeIds: ['m'] }),
    ];
    const story = given(...before, save('s', 'a', order)).when(saved('a', 's'));
    expect(story.happened).toMatchObject([
      { type: 'TemplateReverted', templateId: 't1', fromVersion: 1 },
      { type: 'VMFailedToStart', vmId: 'w', message: 'template was deleted from the registry' },
      { type: 'DistributionAborted', distributionId: 'd' },
      { type: 'PushTemplate', version: { number: 1, tag: 'v2' } },
      { type: 'ImageSaved' },
      { type: 'VMPushed' },
    ]);
  });

  it('replaces a template that has but one version, under its name', () => {
    const story = given(...running, save('s', 'a', { revertBeforePush: true })).when(saved('a', 's'));
    expect(story.happened).toMatchObject([
      { type: 'TemplateReverted', fromVersion: 0 },
      { type: 'PushTemplate', name: 'template t1', version: { number: 0, image: { base: [blob('t1 v1')] } } },
      { type: 'ImageSaved', version: 0 },
      { type: 'VMPushed' },
    ]);
  });

  it('takes nothing back when the tag that was meant is not there', () => {
    const order = { revertBeforePush: true, revertTag: 'saved' };
    const story = given(...running, save('s', 'a', order)).when(saved('a', 's'));
    expect(story.happened.map(({ type }) => type)).toEqual(['PushTemplate', 'ImageSaved', 'VMPushed']);
  });

  it('keeps the result of the script', () => {
    const told = { type: 'ReportImageSaved', requestId: 's', disk: blob('x'), scriptResult: scriptResult() } as const;
    const story = given(...held).when(report('a', told));
    expect(story.happened[1]).toMatchObject({ type: 'ImageSaved', scriptResult: { stdout: 'done' } });
  });

  it('has not, if it cannot say as what', () => {
    given(...held)
      .when(saved('a', 's', { digest: 'none', sizeBytes: 1 }))
      .then(goesOn, { ...failed, error: 'the node named no layer' });
  });
});

describe('a node that could not save a VM', () => {
  it('has it run on as it was', () => {
    const { cluster } = given(...held)
      .when(saveFailed('a', 's'))
      .then(goesOn, { ...failed, error: 'disk full' });
    expect(cluster.vms.get(vm)?.phase).toMatchObject({ name: 'running', instance: { uuid: 'uuid-1' } });
    expect(cluster.templates.get(t)?.versions).toHaveLength(1);
  });

  it('says nothing of a save that has ended, waits, or is another VM’s', () => {
    given(...held, saveFailed('a', 's'))
      .when(saveFailed('a', 's'))
      .then(nothing);
    const two: Said[] = [start('b', 't1'), started('b'), save('r', 'b', { tag: 'next' })];
    given(...held, ...two)
      .when(saveFailed('b', 'r'))
      .then(nothing);
    given(...held, ...two)
      .when(saveFailed('b', 's'))
      .then(nothing);
    given(...held)
      .when(report('a', { type: 'ReportImageSaveFailed', requestId: 's', error: '' }, { epoch: 1 }))
      .then(nothing);
  });
});

describe('a VM that is held for a save', () => {
  it('is told to its node as long as it is its turn', () => {
    const story = given(...held);
    const wish = () => desiredNode(story.cluster, n).vms[0]?.save;
    expect(wish()).toEqual({ requestId: 's', scriptTimeoutMs: 90_000, cancelOnScriptFailure: false });
    expect(story.cluster.touched.has(n)).toBe(true);
    story.say(saveFailed('a', 's'));
    expect(wish()).toBeUndefined();
  });

  it('is told when the save before it has ended', () => {
    const two: Said[] = [start('b', 't1'), started('b'), save('r', 'b', { tag: 'next', script: blob('x') })];
    const story = given(...held, ...two);
    const wishes = () => desiredNode(story.cluster, n).vms.map(({ save: wish }) => wish?.requestId);
    expect(wishes()).toEqual(['s', undefined]);
    story.cluster.touched.clear();
    story.say(saveFailed('a', 's'));
    expect(wishes()).toEqual([undefined, 'r']);
    expect(story.cluster.touched.has(n)).toBe(true);
    expect(desiredNode(story.cluster, n).vms[1]?.save?.script).toEqual(blob('x'));
  });

  it('may be powered off: that is how it is saved', () => {
    given(...held)
      .when(stopped('a'))
      .then(nothing);
  });

  it('takes the news of a restart that came before', () => {
    const story = given(...running, restart('a'), save('s', 'a'), restarted('a'));
    expect(story.cluster.vms.get(vm)?.phase).toMatchObject({ name: 'pushing', instance: { startedAt: 9_000 } });
  });

  it('ends the save when it is lost, with its own end as the reason', () => {
    given(...held)
      .when(lost('a'))
      .then(
        { type: 'VMLost', vmId: vm, nodeId: n, message: 'not on the host' },
        { ...failed, error: 'not on the host' },
      );
    const story = given(...held).when({ type: 'DeleteNode', nodeId: 'n' });
    expect(story.happened.at(-1)).toEqual({ ...failed, error: 'node was deleted' });
    const offline = given(...held, silent('n')).when(timers, { at: 3_600_000 });
    expect(offline.happened.map(({ type }) => type)).toEqual(['VMLost', 'ImageSaveFailed']);
  });

  it('runs on when the time is up', () => {
    given(...held)
      .when(timers, { at: 6 * 3_600_000 + 5 })
      .then(goesOn, { ...failed, error: 'not saved within 360 min' });
  });

  it('has the time of its turn, and not that of those before it', () => {
    const two: Said[] = [start('b', 't1'), started('b'), save('r', 'b', { tag: 'next' })];
    const story = given(...held, ...two).when(timers, { at: 6 * 3_600_000 + 5 });
    expect(story.happened).toHaveLength(2);
    story.when(timers, { at: 12 * 3_600_000 + 4 }).then(nothing);
    story.when(timers, { at: 12 * 3_600_000 + 5 });
    expect(story.happened).toMatchObject([{ type: 'VMPushFailed' }, { type: 'ImageSaveFailed', requestId: 'r' }]);
  });

  it('is remembered for a day as one that was saved', () => {
    const story = given(...held, saveFailed('a', 's')).when(timers, { at: 86_400_000 });
    story.then(nothing);
    story.when(timers, { at: 86_400_006 }).then({ type: 'ImageSaveForgotten', requestId: one });
    expect(story.cluster.saves.size).toBe(0);
  });
});
