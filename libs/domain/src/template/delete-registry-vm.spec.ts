import { templateId, vmId } from '../ids.js';
import { given, refused, samples } from '../testing/index.js';

const { joins, push, start, started } = samples;
const remove = { type: 'DeleteRegistryVm', templateId: 't' } as const;
const gone = { type: 'DeleteRegistryVm', templateId: templateId('t') } as const;
const message = 'template was deleted from the registry';

describe('DeleteRegistryVm', () => {
  it('fails the VMs that wait for the template, in the order of the queue, and no others', () => {
    const urgent = start('urgent', 't', { priority: 1 });
    given(push('t'), push('u'), start(['a', 'b'], 't'), start('other', 'u'), urgent)
      .when(remove)
      .then(
        gone,
        { type: 'VMFailedToStart', vmId: vmId('urgent'), message },
        { type: 'VMFailedToStart', vmId: vmId('a'), message },
        { type: 'VMFailedToStart', vmId: vmId('b'), message },
      );
  });

  it('leaves alone a VM that has a node', () => {
    const story = given(joins('n'), push('t'), start(['a', 'b'], 't'), started('a'))
      .when(remove)
      .then(gone);
    expect([...story.cluster.vms.values()].map(({ phase }) => phase.name)).toEqual(['running', 'assigned']);
  });

  it('makes room for a new template of that id, which begins with version 0', () => {
    const story = given(push('t'), push('t', { tag: 'v2' }), remove).when(push('t', { arch: 'arm64' }));
    expect(story.happened).toMatchObject([{ arch: 'arm64', version: { number: 0 } }]);
  });

  it('knows no template that is not there', () => {
    const unknown = refused({ code: 'TEMPLATE_UNKNOWN', templateId: 't' });
    given().when(remove).then(unknown);
    given(push('t'), remove).when(remove).then(unknown);
  });
});
