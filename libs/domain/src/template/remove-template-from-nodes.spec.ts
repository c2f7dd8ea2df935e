import { nodeId, templateId } from '../ids.js';
import { desiredNode } from '../node/desired.js';
import { given, nothing, refused, samples } from '../testing/index.js';

const { distribute, evicted, has, joins, push, removeTemplate, start } = samples;
const [n, m] = [nodeId('n'), nodeId('m')];
const t = templateId('t');
const fleet = [joins('n'), joins('m'), joins('o'), push('t'), push('t', { tag: 'v2' })];
const cached = [has('n', 't'), has('n', 't', 'v2'), has('m', 't')];
const removals = (cluster: Parameters<typeof desiredNode>[0]) => desiredNode(cluster, n).removals;

describe('RemoveTemplateFromNodes', () => {
  it('means all nodes that have it, or those that are named', () => {
    given(...fleet, ...cached)
      .when(removeTemplate('t'))
      .then({ type: 'RemoveTemplateFromNodes', templateId: t, nodeIds: [m, n] });
    given(...fleet, ...cached)
      .when(removeTemplate('t', { tag: 'v1', nodeIds: ['n', 'o'] }))
      .then({ type: 'RemoveTemplateFromNodes', templateId: t, tag: 'v1', nodeIds: [n] });
  });

  it('is wished of the node until the node says that it is gone', () => {
    const story = given(...fleet, ...cached, removeTemplate('t', { tag: 'v2' }));
    expect(removals(story.cluster)).toEqual([{ templateId: 't', tag: 'v2' }]);
    story
      .when(evicted('n', 't', 'v2'))
      .then({ type: 'TemplateEvicted', nodeId: n, templateId: 't', tag: 'v2' })
      .when(evicted('n', 't', 'v2'))
      .then(nothing);
    expect(removals(story.cluster)).toBeUndefined();
  });

  it('is wished no longer when the node joins without it, or when it is distributed again', () => {
    const joined = given(...fleet, ...cached, removeTemplate('t'), joins('n'));
    expect(removals(joined.cluster)).toBeUndefined();
    const wanted = given(...fleet, ...cached, removeTemplate('t'), distribute('d', 't', { tag: 'v1' }));
    expect(removals(wanted.cluster)).toEqual([{ templateId: 't', tag: 'v2' }]);
    expect(desiredNode(wanted.cluster, n).pulls).toMatchObject([{ distributionId: 'd', image: { tag: 'v1' } }]);
  });

  it('has placement look elsewhere for the template', () => {
    const story = given(...fleet, has('o', 't'), has('n', 't'), evicted('n', 't'));
    story.when(start('a', 't', { tag: 'v1' }));
    expect(story.happened).toMatchObject([{ type: 'StartVM' }, { type: 'VMScheduled', nodeId: 'o' }]);
  });

  it('changes nothing where there is nothing to remove, or it is being removed', () => {
    given(...fleet)
      .when(removeTemplate('t'))
      .then(nothing);
    given(...fleet, ...cached, removeTemplate('t'))
      .when(removeTemplate('t', { tag: 'v1' }))
      .then(nothing);
  });

  it('knows a template that left the registry as long as a node has it', () => {
    const story = given(...fleet, has('n', 't'), { type: 'DeleteRegistryVm', templateId: 't' });
    story.when(removeTemplate('t')).then({ type: 'RemoveTemplateFromNodes', templateId: t, nodeIds: [n] });
    story
      .when(evicted('n', 't'))
      .when(removeTemplate('t'))
      .then(refused({ code: 'TEMPLATE_UNKNOWN', templateId: 't' }));
  });

  it('says no to what is not there', () => {
    given(...fleet)
      .when(removeTemplate('t', { tag: 'v9' }))
      .then(refused({ code: 'TAG_UNKNOWN', templateId: 't', tag: 'v9' }))
      .when(removeTemplate('t', { nodeIds: ['x'] }))
      .then(refused({ code: 'NODE_UNKNOWN', nodeId: 'x' }))
      .when(removeTemplate('t', { nodeIds: [] }))
      .then(refused({ code: 'OUT_OF_RANGE', field: 'node_ids', value: 0, min: 1, max: 10_000 }));
  });
});
