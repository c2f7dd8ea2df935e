import { distributionId, nodeId, templateId, vmId } from '../ids.js';
import { given, nothing, refused, samples, type Said } from '../testing/index.js';

const { distribute, joins, push, revertTo, start, started } = samples;
const three: Said[] = [push('t'), push('t', { tag: 'v2' }), push('t', { tag: 'v3' })];
const from = (fromVersion: number) => ({
  type: 'TemplateReverted' as const,
  templateId: templateId('t'),
  fromVersion,
});
const message = 'template was deleted from the registry';

describe('RevertTemplate', () => {
  it.each([
    ['the latest version, when none is named', {}, 2],
    ['that version and all that are newer: by tag', { tag: 'v2' }, 1],
    ['that version and all that are newer: by number', { version: 1 }, 1],
  ])('takes back %s', (_, target, version) => {
    const { cluster } = given(...three)
      .when(revertTo('t', target))
      .then(from(version));
    expect(cluster.templates.get(templateId('t'))?.versions.map(({ number }) => number)).toEqual(
      [0, 1, 2].slice(0, version),
    );
  });

  it('takes the template with its first version', () => {
    const { cluster } = given(...three)
      .when(revertTo('t', { tag: 'v1' }))
      .then(from(0));
    expect(cluster.templates.size).toBe(0);
  });

  it.each([
    [revertTo('x'), { code: 'TEMPLATE_UNKNOWN', templateId: 'x' }],
    [revertTo('t', { tag: 'v9' }), { code: 'TAG_UNKNOWN', templateId: 't', tag: 'v9' }],
    [revertTo('t', { version: 9 }), { code: 'VERSION_UNKNOWN', templateId: 't', version: 9 }],
    [
      revertTo('t', { tag: 'v2', version: 0 }),
      { code: 'INVALID', field: 'version', message: 'is 0: tag v2 is version 1' },
    ],
  ] as const)('knows only what is there: %j', (command, refusal) => {
    given(...three)
      .when(command)
      .then(refused(refusal));
  });

  it('fails the VMs and distributions that wait for what is gone, and no others', () => {
    const nobody = { nodeId: 'n', vcpu: 512 };
    given(
      ...three,
      joins('n', { config: { capacityMode: 'resource' } }),
      start('old', 't', { ...nobody, tag: 'v1' }),
      start('new', 't', nobody),
      distribute('d-old', 't', { tag: 'v1' }),
      distribute('d-new', 't'),
    )
      .when(revertTo('t', { tag: 'v2' }))
      .then(
        from(1),
        { type: 'VMFailedToStart', vmId: vmId('new'), message },
        { type: 'DistributionAborted', distributionId: distributionId('d-new'), error: message },
      );
  });

  it('leaves alone a VM that has a node', () => {
    const { cluster } = given(joins('n'), ...three, start('a', 't'), started('a'))
      .when(revertTo('t'))
      .then(from(2));
    expect(cluster.vms.get(vmId('a'))?.phase.name).toBe('running');
  });

  it('has nodes drop what is gone from their caches', () => {
    const cached = ['v1', 'v2', 'v3'].map((tag) => ({ templateId: 't', tag }));
    const { cluster } = given(joins('n', { cached }), ...three, revertTo('t', { tag: 'v2' }));
    const removals = cluster.nodes.get(nodeId('n'))?.removals.values() ?? [];
    expect([...removals].map(({ tag }) => tag)).toEqual(['v2', 'v3']);
  });

  it('gives number and tag free', () => {
    const story = given(...three, revertTo('t')).when(push('t', { tag: 'v3', cpu: 9 }));
    expect(story.happened).toMatchObject([{ type: 'PushTemplate', version: { number: 2, tag: 'v3', cpu: 9 } }]);
  });
});

describe('SetTemplateArch', () => {
  const arm = { type: 'SetTemplateArch', templateId: 't', arch: 'arm64' } as const;

  it('says for which hosts all versions are', () => {
    const { cluster } = given(...three)
      .when(arm)
      .then({ ...arm, templateId: templateId('t') });
    const template = cluster.templates.get(templateId('t'));
    expect([template?.arch, ...(template?.versions ?? []).map(({ image }) => image.arch)]).toEqual(
      Array.from({ length: 4 }, () => 'arm64'),
    );
  });

  it('changes nothing that is so already, and refuses what is not there or no architecture', () => {
    given(...three)
      .when({ ...arm, arch: 'amd64' })
      .then(nothing);
    given()
      .when(arm)
      .then(refused({ code: 'TEMPLATE_UNKNOWN', templateId: 't' }));
    given(...three)
      .when({ ...arm, arch: 'mips' as never })
      .then(refused({ code: 'INVALID', field: 'arch', message: 'is "mips": must be one of amd64, arm64' }));
  });
});
