import { templateId } from '../ids.js';
import { given, nothing, refused, samples, START_OF_TIME } from '../testing/index.js';
import type { PushTemplateCommand } from './template-events.js';

const { push, blob } = samples;
const image = { templateId: 't', templateName: 'template t', tag: 'v1', version: 0, arch: 'amd64', disk: blob('t v1') };

describe('PushTemplate', () => {
  it('makes a template with its first version', () => {
    given()
      .when(push('t', { description: 'first' }))
      .then({
        type: 'PushTemplate',
        templateId: templateId('t'),
        name: 'template t',
        arch: 'amd64',
        version: {
          number: 0,
          tag: 'v1',
          description: 'first',
          image: { ...image, arch: 'amd64' },
          cpu: 2,
          memoryMiB: 2048,
          forwards: [{ name: 'ssh', guestPort: 22 }],
          pushedAt: START_OF_TIME + 1,
        },
      });
  });

  it('names what a direct kernel boot needs', () => {
    const boot = { kernel: blob('kernel'), initrd: blob('initrd'), cmdline: 'console=ttyS0' };
    const story = given().when(push('t', boot));
    expect(story.happened).toMatchObject([{ version: { image: boot } }]);
  });

  it('adds versions with ascending numbers, and takes the newest name', () => {
    const story = given(push('t'), push('t', { tag: 'v2' })).when(push('t', { tag: 'v3', name: 'renamed' }));
    const template = story.cluster.templates.get(templateId('t'));
    expect(template?.versions.map(({ number, tag }) => [number, tag])).toEqual([
      [0, 'v1'],
      [1, 'v2'],
      [2, 'v3'],
    ]);
    expect(template?.name).toBe('renamed');
  });

  it('says nothing of the very same push, whatever words are given to it', () => {
    given(push('t'))
      .when(push('t', { description: 'again', name: 'another' }))
      .then(nothing);
  });

  it.each<[string, Partial<PushTemplateCommand>]>([
    ['another disk', { disk: blob('other') }],
    ['a kernel', { kernel: blob('kernel') }],
    ['an initrd', { initrd: blob('kernel') }],
    ['a command line', { cmdline: 'quiet' }],
    ['other cores', { cpu: 3 }],
    ['other memory', { memoryMiB: 4096 }],
    ['other forwards', { forwards: [] }],
  ])('says no to %s under a tag that is taken', (_, changed) => {
    given(push('t'))
      .when(push('t', changed))
      .then(refused({ code: 'TAG_EXISTS', templateId: 't', tag: 'v1' }));
  });

  it('tells a kernel from an initrd of the same bytes', () => {
    given(push('t', { kernel: blob('x') }))
      .when(push('t', { initrd: blob('x') }))
      .then(refused({ code: 'TAG_EXISTS', templateId: 't', tag: 'v1' }));
  });

  it('says no to another architecture than that of the earlier versions', () => {
    const message = 'is arm64: must be amd64 as in the earlier versions';
    given(push('t'))
      .when(push('t', { tag: 'v2', arch: 'arm64' }))
      .then(refused({ code: 'INVALID', field: 'arch', message }));
  });

  const tooLong = { message: 'is 257 characters long: must be at most 256' };
  it.each<[string, Partial<PushTemplateCommand>, object]>([
    ['no valid id', { templateId: '.t' }, { field: 'templateId' }],
    ['no name', { name: '' }, { field: 'name', message: 'must not be empty' }],
    ['a long name', { name: 'x'.repeat(257) }, { field: 'name', ...tooLong }],
    ['a long description', { description: 'x'.repeat(257) }, { field: 'description', ...tooLong }],
    ['a long command line', { cmdline: 'x'.repeat(257) }, { field: 'cmdline', ...tooLong }],
    ['a tag with a slash', { tag: 'a/b' }, { field: 'tag' }],
    ['an empty tag', { tag: '' }, { field: 'tag' }],
    ['no digest', { disk: { digest: 'md5:0', sizeBytes: 1 } }, { field: 'blob' }],
    ['an empty blob', { kernel: { ...blob('k'), sizeBytes: 0 } }, { field: 'blob' }],
    ['half a byte', { initrd: { ...blob('i'), sizeBytes: 1.5 } }, { field: 'blob' }],
    ['an unknown architecture', { arch: 'z80' as never }, { field: 'arch' }],
    ['no core', { cpu: 0 }, { code: 'OUT_OF_RANGE', field: 'cpu', value: 0, min: 1, max: 512 }],
    ['too little memory', { memoryMiB: 1 }, { code: 'OUT_OF_RANGE', field: 'memoryMiB', min: 64 }],
    ['an impossible port', { forwards: [{ name: 'x', guestPort: 0 }] }, { field: 'guest_port' }],
  ])('says no to %s', (_, changed, refusal) => {
    const story = given();
    const { outcome, events } = story.say({ ...push('t'), ...changed });
    expect(outcome).toMatchObject({ kind: 'refused', refusal });
    expect(events.map(({ event }) => event.type)).toEqual(['CommandRefused']);
  });
});
