import { distributionId, nodeId } from '../ids.js';
import { at, given, nothing, type Said, samples, type Story } from '../testing/index.js';

const { distribute, evicted, has, joins, progressed, pullFailed, push, silent, timers } = samples;
const d = distributionId('d');
const n = nodeId('n');
const fleet = [joins('n'), joins('m'), push('t')];
const story = (...earlier: Said[]) => given(...fleet, distribute('d', 't'), ...earlier);
const rowOf = ({ cluster }: Story, id = n) => cluster.distributions.get(d)?.nodes.get(id);
const ended = (error?: string, id = n) => ({
  type: 'DistributionRowEnded' as const,
  distributionId: d,
  nodeId: id,
  ...(error !== undefined && { error }),
});
const pulled = { type: 'TemplatePulled', nodeId: n, templateId: 't', tag: 'v1' } as const;

describe('a part of a distribution', () => {
  it('goes on in tenths, and never back', () => {
    const progress = (value: number) => ({
      type: 'DistributionProgressed' as const,
      distributionId: d,
      nodeId: n,
      progress: value,
    });
    const told = story()
      .when(progressed('n', 'd', 0.39))
      .then(progress(0.3))
      .when(progressed('n', 'd', 0.31))
      .then(nothing)
      .when(progressed('n', 'd', 0.2))
      .then(nothing)
      .when(progressed('n', 'd', 7))
      .then(nothing);
    expect(rowOf(told)).toEqual({ progress: 0.3, done: false });
    expect(rowOf(told, nodeId('m'))).toEqual({ progress: 0, done: false });
  });

  it('is done when the node has the template, whoever had it pulled', () => {
    const told = story(distribute('again', 't', { nodeIds: ['n'] }))
      .when(has('n', 't'))
      .then(pulled, ended(), { ...ended(), distributionId: distributionId('again') })
      .when(has('n', 't'))
      .then(nothing);
    expect(rowOf(told)).toEqual({ progress: 1, done: true });
  });

  it('is done when the node joins with the template', () => {
    const told = story().when(joins('n', { cached: [{ templateId: 't', tag: 'v1' }] }));
    expect(told.happened).toMatchObject([{ type: 'NodeRegistered' }, ended()]);
  });

  it('ends with the error when the pull failed, and stays so', () => {
    const told = story()
      .when(pullFailed('n', 'd', 'x'.repeat(5000)))
      .then(ended('x'.repeat(1024)))
      .when(pullFailed('n', 'd'))
      .then(nothing)
      .when(progressed('n', 'd', 0.9))
      .then(nothing);
    expect(rowOf(told)).toEqual({ progress: 0, done: false, error: 'x'.repeat(1024) });
    told.when(has('n', 't')).then(pulled);
  });

  it('ends when the node is deleted or leaves', () => {
    story()
      .when({ type: 'DeleteNode', nodeId: 'n' })
      .then({ type: 'DeleteNode', nodeId: n }, ended('node was deleted'));
    story()
      .when({ type: 'UnregisterNode', nodeId: 'n' })
      .then({ type: 'NodeUnregistered', nodeId: n }, ended('node left the fleet'));
  });

  it('waits for a silent node, but not for ever', () => {
    const day = 24 * 3600 * 1000;
    const told = given(...fleet, at(1000, distribute('d', 't')), has('m', 't'), silent('n'))
      .when(timers, { at: day })
      .then(nothing)
      .when(timers, { at: day + 1000 })
      .then({ type: 'DistributionAborted', distributionId: d, error: 'not pulled within 24 h' })
      .when(timers, { at: 2 * day })
      .then(nothing);
    expect(rowOf(told)).toEqual({ progress: 0, done: false, error: 'not pulled within 24 h' });
    expect(rowOf(told, nodeId('m'))).toEqual({ progress: 1, done: true });
  });

  it('ends with the template', () => {
    const error = 'template was deleted from the registry';
    const told = story(has('m', 't')).when({ type: 'DeleteRegistryVm', templateId: 't' });
    expect(told.happened.map(({ type }) => type)).toEqual(['DeleteRegistryVm', 'DistributionAborted']);
    expect([rowOf(told)?.error, rowOf(told, nodeId('m'))?.error]).toEqual([error, undefined]);
  });

  it('stays done when the template leaves the cache later', () => {
    const told = story(has('n', 't')).when(evicted('n', 't'));
    expect(told.happened.map(({ type }) => type)).toEqual(['TemplateEvicted']);
    expect(rowOf(told)).toEqual({ progress: 1, done: true });
  });

  it('is nothing to a node that was not meant', () => {
    given(...fleet, distribute('d', 't', { nodeIds: ['m'] }))
      .when(progressed('n', 'd', 0.5))
      .then(nothing)
      .when(pullFailed('n', 'd'))
      .then(nothing)
      .when(pullFailed('n', 'x'))
      .then(nothing);
  });
});
