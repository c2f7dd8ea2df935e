import { given, nothing, refused, samples } from '../testing/index.js';
import { nodeId, vmId } from '../ids.js';
import type { VmRequest } from './vm.js';

const { joins, push, start, instance, blob, script, terminate } = samples;

const accepted = (id: string, request: VmRequest, changed: object = {}) => ({
  type: 'StartVM' as const,
  vmId: vmId(id),
  request,
  image: {
    templateId: 't',
    templateName: 'template t',
    tag: 'v1',
    version: 0,
    arch: 'amd64' as const,
    disk: blob('t v1'),
  },
  cpu: 2,
  memoryMiB: 2048,
  forwards: [{ name: 'ssh', guestPort: 22 }],
  ...changed,
});
const scheduled = (id: string, node: string) => ({
  type: 'VMScheduled' as const,
  vmId: vmId(id),
  nodeId: nodeId(node),
  attempt: 1,
});

describe('StartVM', () => {
  it('accepts a VM with everything resolved from the template, and seats it in the same turn', () => {
    given(joins('n'), push('t'))
      .when(start('a', 't'))
      .then(accepted('a', { templateId: 't' }), scheduled('a', 'n'));
  });

  it('accepts all VMs of a command before it seats any', () => {
    given(joins('n'), push('t'))
      .when(start(['a', 'b'], 't'))
      .then(
        accepted('a', { templateId: 't' }),
        accepted('b', { templateId: 't' }),
        scheduled('a', 'n'),
        scheduled('b', 'n'),
      );
  });

  it('lets a VM wait when no node has room', () => {
    const story = given(push('t'))
      .when(start('a', 't'))
      .then(accepted('a', { templateId: 't' }));
    expect([...story.cluster.pending]).toEqual(['a']);
  });

  it('takes size and forwards of the request before those of the template', () => {
    const request = { templateId: 't', vcpu: 4, memoryMiB: 4096, forwards: [{ name: 'vnc', guestPort: 5900 }] };
    given(push('t'))
      .when(start('a', 't', request))
      .then(accepted('a', request, { cpu: 4, memoryMiB: 4096, forwards: [{ name: 'vnc', guestPort: 5900 }] }));
  });

  it.each([
    ['the latest version by default', {}, 2],
    ['the version of a tag', { tag: 'v1' }, 0],
    ['the version of a number', { version: 1 }, 1],
    ['the tag when both are given and mean the same', { tag: 'v2', version: 1 }, 1],
  ])('starts %s', (_, request, version) => {
    const story = given(push('t'), push('t', { tag: 'v2' }), push('t', { tag: 'v3' })).when(start('a', 't', request));
    expect(story.cluster.vms.get(vmId('a'))?.image.version).toBe(version);
  });

  it('keeps what was accepted when the template changes later', () => {
    const story = given(push('t'), start('a', 't')).when(push('t', { tag: 'v2', cpu: 8 }));
    expect(story.cluster.vms.get(vmId('a'))).toMatchObject({ cpu: 2, image: { tag: 'v1' } });
  });

  it('keeps what the caller calls it', () => {
    const said = { name: 'my vm', externalId: 'https://ci.example/1', metadata: { job: 7, ok: true } };
    const story = given(push('t')).when(start('a', 't', said));
    expect(story.cluster.vms.get(vmId('a'))).toMatchObject(said);
  });

  it('may use the id of a VM that was terminated and removed', () => {
    const story = given(push('t'), start('a', 't'), terminate('a'));
    story.when({ type: 'RunTimers' }, { at: 100_000 }).when(start('a', 't'));
    expect(story.happened.map(({ type }) => type)).toEqual(['StartVM']);
  });

  describe('says no', () => {
    const fleet = () => given(joins('n'), push('t'), start('taken', 't'));

    it.each<[string, Partial<VmRequest>, Parameters<typeof refused>[0]]>([
      ['to an unknown tag', { tag: 'v9' }, { code: 'TAG_UNKNOWN', templateId: 't', tag: 'v9' }],
      ['to an unknown version', { version: 9 }, { code: 'VERSION_UNKNOWN', templateId: 't', version: 9 }],
      ['to an unknown node', { nodeId: 'm' }, { code: 'NODE_UNKNOWN', nodeId: 'm' }],
      ['to a group', { groupId: 'g' }, { code: 'GROUP_UNKNOWN', groupId: 'g' }],
      ['to priority 0', { priority: 0 }, { code: 'OUT_OF_RANGE', field: 'priority', value: 0, min: 1, max: 10_000 }],
      ['to a fraction', { vcpu: 1.5 }, { code: 'OUT_OF_RANGE', field: 'vcpu', value: 1.5, min: 1, max: 512 }],
      [
        'to too little memory',
        { memoryMiB: 63 },
        { code: 'OUT_OF_RANGE', field: 'memoryMiB', value: 63, min: 64, max: 4_194_304 },
      ],
      [
        'to a long name',
        { name: 'x'.repeat(257) },
        { code: 'INVALID', field: 'name', message: 'is 257 characters long: must be at most 256' },
      ],
      [
        'to a long name on the host',
        { nameTemplate: 'x'.repeat(257) },
        { code: 'INVALID', field: 'nameTemplate', message: 'is 257 characters long: must be at most 256' },
      ],
      [
        'to a long external id',
        { externalId: 'x'.repeat(2049) },
        { code: 'INVALID', field: 'externalId', message: 'is 2049 characters long: must be at most 2048' },
      ],
    ])('%s', (_, request, refusal) => {
      fleet()
        .when(start('a', 't', request))
        .then(refused(refusal));
    });

    it('to an unknown template', () => {
      fleet()
        .when(start('a', 'x'))
        .then(refused({ code: 'TEMPLATE_UNKNOWN', templateId: 'x' }));
    });

    it('to a node of another architecture than the template', () => {
      given(joins('m', { facts: { arch: 'arm64' } }), push('t'))
        .when(start('a', 't', { nodeId: 'm' }))
        .then(
          refused({
            code: 'INVALID',
            field: 'node_id',
            message: 'is m, which is arm64: must be amd64 as the template is',
          }),
        );
    });

    it('to a node that is neither in the group that is asked for nor in one that it falls back to', () => {
      const { group, addTo } = samples;
      const fleet = [group('spare'), group('main', { fallbackGroupId: 'spare' }), group('other')];
      const story = given(
        ...fleet,
        joins('n'),
        joins('m'),
        push('t'),
        addTo(['other'], ['n']),
        addTo(['spare'], ['m']),
      );
      story
        .when(start('a', 't', { nodeId: 'n', groupId: 'main' }))
        .then(
          refused({
            code: 'INVALID',
            field: 'node_id',
            message: 'is n, which is neither in group main nor in one that it falls back to',
          }),
        )
        .when(start('a', 't', { nodeId: 'm', groupId: 'main' }));
      expect(story.happened.map(({ type }) => type)).toEqual(['StartVM', 'VMScheduled']);
    });

    it('to a tag and a version number that are not the same', () => {
      given(joins('n'), push('t'), push('t', { tag: 'v2' }))
        .when(start('a', 't', { tag: 'v1', version: 1 }))
        .then(refused({ code: 'INVALID', field: 'version', message: 'is 1: tag v1 is version 0' }))
        .when(start('a', 't', { tag: 'v2', version: 1 }))
        .then(
          ...given(joins('n'), push('t'), push('t', { tag: 'v2' })).when(start('a', 't', { tag: 'v2', version: 1 }))
            .happened,
        );
    });

    it('to a node that is there no more', () => {
      fleet()
        .when({ type: 'DeleteNode', nodeId: 'n' })
        .when(start('a', 't', { nodeId: 'n' }))
        .then(refused({ code: 'NODE_UNKNOWN', nodeId: 'n' }));
    });

    it('to no VM and to more than a thousand', () => {
      const tooMany = Array.from({ length: 1001 }, (_, n) => `v${n}`);
      const range = { code: 'OUT_OF_RANGE', field: 'count', min: 1, max: 1000 } as const;
      fleet()
        .when(start([], 't'))
        .then(refused({ ...range, value: 0 }))
        .when(start(tooMany, 't'))
        .then(refused({ ...range, value: 1001 }));
    });

    it('to an id that is no id, is there already, or is named twice; and then starts none of the others', () => {
      fleet()
        .when(start(['a', 'no/id'], 't'))
        .then(refused({ code: 'INVALID', field: 'vmIds', message: '"no/id" is not a valid id' }))
        .when(start(['a', 'taken'], 't'))
        .then(refused({ code: 'VM_EXISTS', vmId: 'taken' }))
        .when(start(['a', 'a'], 't'))
        .then(refused({ code: 'INVALID', field: 'vmIds', message: 'must not repeat an id' }));
    });
  });

  it('survives a request that only a broken client sends without having accepted anything', () => {
    const story = given(joins('n'), push('t'));
    const broken = [{ forwards: {} }, { forwards: [null] }, { metadata: null }, { script: null }, { externalId: null }];
    for (const request of broken) {
      expect(() => story.say(start('a', 't', request as never))).toThrow(TypeError);
      expect(story.cluster.vms.size).toBe(0);
    }
    story.when(start('a', 't', { script: script() }));
    expect(story.happened).toHaveLength(2);
  });

  it('changes nothing when the same command comes again', () => {
    const story = given(joins('n'), push('t'));
    const first = story.say(start('a', 't'), 'request-1');
    expect(story.when(start('a', 't'), { id: 'request-1' }).happened).toEqual([]);
    expect(story.history.chapters.at(-1)?.decision.outcome).toEqual(first.outcome);
    story.then(nothing);
  });
});

describe('a VM on its way', () => {
  it('starts through placement and report', () => {
    given(joins('n'), push('t'), start('a', 't'))
      .when(samples.started('a'))
      .then({ type: 'VMStarted', vmId: vmId('a'), nodeId: nodeId('n'), instance: instance() });
  });
});
