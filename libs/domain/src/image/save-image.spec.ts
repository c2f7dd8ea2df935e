import { nodeId, saveId, templateId, type VmId, vmId } from '../ids.js';
import { MAX_SAVES } from '../limits.js';
import { given, refused, samples, type Said } from '../testing/index.js';

const { joins, push, restart, save, saved, saveFailed, start, started, terminate, revertTo, blob } = samples;
const vm = vmId('a');
const n = nodeId('n');
const one = saveId('s');
/** Two VMs of one template run on one node. */
const running: Said[] = [joins('n'), push('t1'), start(['a', 'b'], 't1'), started('a'), started('b')];
const newTemplate = { target: { newTemplateId: 'new', newTemplateName: 'fresh' } };

const accepted = {
  type: 'SaveImage' as const,
  requestId: one,
  vmId: vm,
  nodeId: n,
  hostUuid: 'uuid-1',
  priority: 1000,
  templateId: templateId('t1'),
  templateName: 'template t1',
  isNewTemplate: false,
  ...samples.SAVE_TERMS,
};
const pushing = { type: 'VMPushing' as const, vmId: vm, nodeId: n, requestId: one };

describe('SaveImage', () => {
  it('holds the VM from the moment that it is accepted', () => {
    const { cluster } = given(...running)
      .when(save('s', 'a'))
      .then(accepted, pushing);
    expect(cluster.vms.get(vm)?.phase).toMatchObject({ name: 'pushing', requestId: 's', at: { nodeId: 'n' } });
    expect(cluster.nodes.get(n)?.used.vms).toBe(2);
  });

  it('takes a template that does not exist yet', () => {
    const fresh = { templateId: templateId('new'), templateName: 'fresh', isNewTemplate: true };
    given(...running)
      .when(save('s', 'a', newTemplate))
      .then({ ...accepted, ...fresh }, pushing);
  });

  it.each([
    ['an unknown VM', [], save('s', 'x'), { code: 'VM_UNKNOWN', vmId: 'x' }],
    ['a VM that starts', [start('c', 't1')], save('s', 'c'), { code: 'VM_NOT_RUNNING', vmId: 'c', phase: 'pending' }],
    ['a VM that ends', [terminate('a')], save('s', 'a'), { code: 'VM_NOT_RUNNING', vmId: 'a', phase: 'terminating' }],
    ['a VM that is held', [save('r', 'a')], save('s', 'a'), { code: 'VM_NOT_RUNNING', vmId: 'a', phase: 'pushing' }],
    ['a request that is there', [save('s', 'a')], save('s', 'b'), { code: 'SAVE_EXISTS', requestId: 's' }],
    [
      'an unknown template',
      [],
      save('s', 'a', { target: { templateId: 'x' } }),
      { code: 'TEMPLATE_UNKNOWN', templateId: 'x' },
    ],
    ['a tag that exists', [], save('s', 'a', { tag: 'v1' }), { code: 'TAG_EXISTS', templateId: 't1', tag: 'v1' }],
    [
      'a tag that an earlier save is about to make',
      [save('r', 'a')],
      save('s', 'b'),
      { code: 'TAG_EXISTS', templateId: 't1', tag: 'saved' },
    ],
    [
      'a tag that it would not take back, although it reverts',
      [push('t1', { tag: 'v2' })],
      save('s', 'a', { tag: 'v1', revertBeforePush: true, revertTag: 'v2' }),
      { code: 'TAG_EXISTS', templateId: 't1', tag: 'v1' },
    ],
    [
      'a template of another architecture',
      [push('arm', { arch: 'arm64' })],
      save('s', 'a', { target: { templateId: 'arm' } }),
      { code: 'INVALID', field: 'templateId', message: 'is arm, which is arm64: must be amd64 as the VM is' },
    ],
    [
      'a new template whose id is taken',
      [],
      save('s', 'a', { target: { newTemplateId: 't1', newTemplateName: 'x' } }),
      { code: 'INVALID', field: 'newTemplateId', message: 'is t1: must be new' },
    ],
    [
      'a new template that an earlier save is about to make',
      [save('r', 'a', newTemplate)],
      save('s', 'b', { ...newTemplate, tag: 'other' }),
      { code: 'INVALID', field: 'newTemplateId', message: 'is new: must be new' },
    ],
    [
      'a new template without a name',
      [],
      save('s', 'a', { target: { newTemplateId: 'new', newTemplateName: '' } }),
      { code: 'INVALID', field: 'newTemplateName', message: 'must not be empty' },
    ],
    [
      'a new template that is an old one, too',
      [],
      save('s', 'a', { target: { newTemplateId: 'new', newTemplateName: 'x', templateId: 't1' } as never }),
      { code: 'INVALID', field: 'target', message: 'must be an existing template or a new one, not both' },
    ],
    [
      'a tag that is no tag',
      [],
      save('s', 'a', { tag: 'a b' }),
      { code: 'INVALID', field: 'tag', message: 'must be 1–128 of A–Z a–z 0–9 . _ -' },
    ],
    [
      'a script without a digest',
      [],
      save('s', 'a', { script: { digest: 'x', sizeBytes: 1 } }),
      { code: 'INVALID', field: 'script', message: 'must have a sha256 digest and a size above 0' },
    ],
    [
      'a script that may run for no time',
      [],
      save('s', 'a', { scriptTimeoutMs: 0 }),
      { code: 'OUT_OF_RANGE', field: 'script_timeout', value: 0, min: 1, max: 86_400_000 },
    ],
    [
      'a request that has no id',
      [],
      save('', 'a'),
      { code: 'INVALID', field: 'requestId', message: 'is not a valid id' },
    ],
  ] as const)('refuses %s before anything changes', (_, earlier, command, refusal) => {
    given(...running, ...earlier)
      .when(command)
      .then(refused(refusal));
  });

  it('refuses an image of more layers than a guest may read through', () => {
    const base = Array.from({ length: 63 }, (_, layer) => blob(`layer ${layer}`));
    const story = given(...running);
    const image = story.cluster.vms.get(vm)?.image;
    Object.assign(image as object, { base });
    const { outcome } = story.say(save('s', 'a'));
    expect(outcome).toMatchObject({ refusal: { code: 'OUT_OF_RANGE', field: 'layers', value: 65, max: 64 } });
  });

  it('takes a tag that exists when it takes it back first, or an earlier save will have', () => {
    const replace = { tag: 'v1', revertBeforePush: true, revertTag: 'v1' };
    const story = given(...running, save('s', 'a', replace));
    expect(story.say(save('r', 'b', { ...replace })).outcome.kind).toBe('accepted');
  });

  it('keeps the VM from a restart, and not from its end', () => {
    given(...running, save('s', 'a'))
      .when(restart('a'))
      .then(refused({ code: 'VM_NOT_RUNNING', vmId: 'a', phase: 'pushing' }));
    given(...running, save('s', 'a'))
      .when(terminate('a'))
      .then(
        { type: 'TerminateVM', vmId: vm, nodeId: n },
        { type: 'ImageSaveFailed', requestId: one, vmId: vm, error: 'instance was terminated' },
      );
  });

  it('forgets the one that ended first when there are too many, and refuses when none has ended', () => {
    const ids = Array.from({ length: MAX_SAVES }, (_, index) => `vm${index}`);
    const many: Said[] = [joins('big', { config: { capacity: MAX_SAVES } }), start(ids, 't1', { nodeId: 'big' })];
    for (const id of ids) many.push(started(id), save(`s-${id}`, id, { tag: id }));
    const story = given(...running, ...many).when(save('last', 'a'));
    story.then(refused({ code: 'OUT_OF_RANGE', field: 'unfinished saves', value: 101, min: 0, max: MAX_SAVES }));
    story.say(saveFailed('vm0', 's-vm0'));
    story.when(save('last', 'a'));
    expect(story.happened.at(-1)).toEqual({ type: 'ImageSaveForgotten', requestId: saveId('s-vm0') });
    expect(story.cluster.saves.size).toBe(MAX_SAVES);
  });

  it('works on one save of a template at a time, in order', () => {
    const story = given(...running, save('s', 'a'), save('r', 'b', { tag: 'next' }));
    const states = () => [...story.cluster.saves.values()].map(({ id, state }) => [id, state]);
    expect(states()).toEqual([
      ['s', 'working'],
      ['r', 'waiting'],
    ]);
    story.say(saved('b', 'r'));
    expect(states()).toContainEqual(['r', 'waiting']);
    story.say(saved('a', 's'));
    expect(states()).toEqual([
      ['s', 'done'],
      ['r', 'working'],
    ]);
  });

  it('lets saves of different templates work side by side', () => {
    const { cluster } = given(...running, save('s', 'a'), save('r', 'b', newTemplate));
    expect([...cluster.saves.values()].map(({ state }) => state)).toEqual(['working', 'working']);
  });

  it('ends a save whose template is gone, and the VM runs on', () => {
    given(...running, save('s', 'a'))
      .when(revertTo('t1'))
      .then(
        { type: 'TemplateReverted', templateId: templateId('t1'), fromVersion: 0 },
        { type: 'VMPushFailed', vmId: vm, nodeId: n, requestId: one },
        {
          type: 'ImageSaveFailed',
          requestId: one,
          vmId: vm,
          error: 'template was deleted from the registry',
        },
      );
  });

  it('ends a save whose tag somebody else pushed, or whose template is for other hosts now', () => {
    const failed = (error: string) => ({ type: 'ImageSaveFailed', requestId: one, vmId: vm, error });
    const story = given(...running, save('s', 'a')).when(push('t1', { tag: 'saved' }));
    expect(story.happened.at(-1)).toEqual(failed('tag saved exists already'));
    story.say(save('r', 'a', { tag: 'other' }));
    story.when({ type: 'SetTemplateArch', templateId: 't1', arch: 'arm64' });
    expect(story.happened.at(-1)).toEqual({ ...failed('template is arm64, the VM is amd64'), requestId: 'r' });
    expect(story.cluster.vms.get('a' as VmId)?.phase.name).toBe('running');
  });
});
