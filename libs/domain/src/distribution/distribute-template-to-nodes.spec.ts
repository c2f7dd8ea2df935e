import { distributionId, nodeId, templateId } from '../ids.js';
import { MAX_DISTRIBUTIONS } from '../limits.js';
import { given, refused, type Said, samples, type Story } from '../testing/index.js';
import { WRONG_ARCHITECTURE } from './distribution.js';

const { addTo, blob, cancel, configure, distribute, group, has, joins, push, removeTemplate, silent } = samples;
const fleet = [joins('n'), joins('m'), push('t'), push('t', { tag: 'v2' })];
const d = distributionId('d');
const rows = ({ cluster }: Story, id = d) => Object.fromEntries(cluster.distributions.get(id)?.nodes ?? []);
const waiting = { progress: 0, done: false };
const done = { progress: 1, done: true };

describe('DistributeTemplateToNodes', () => {
  it('says what goes where, resolved once and for all', () => {
    given(...fleet)
      .when(distribute('d', 't'))
      .then({
        type: 'DistributeTemplateToNodes',
        distributionId: d,
        templateId: templateId('t'),
        tag: 'v2',
        version: 1,
        image: {
          ...{ templateId: 't', templateName: 'template t', tag: 'v2', version: 1, arch: 'amd64' },
          disk: blob('t v2'),
        },
        nodeIds: [nodeId('m'), nodeId('n')],
        cachedOn: [],
        unfit: [],
      });
  });

  it('means the nodes that are named, or the members of the group, or all', () => {
    const to = (target: object) =>
      Object.keys(rows(given(...fleet, group('g'), addTo(['g'], ['m']), distribute('d', 't', target))));
    expect(to({ nodeIds: ['n', 'n'] })).toEqual(['n']);
    expect(to({ groupId: 'g' })).toEqual(['m']);
    expect(to({})).toEqual(['m', 'n']);
  });

  it('is done at once where the version is, unless it is about to go, and never comes to another architecture', () => {
    const told: Said[] = [joins('arm', { facts: { arch: 'arm64' } }), has('n', 't'), has('m', 't')];
    const story = given(
      ...fleet,
      ...told,
      removeTemplate('t', { nodeIds: ['m'] }),
      distribute('d', 't', { tag: 'v1' }),
    );
    expect(rows(story)).toEqual({
      n: done,
      m: waiting,
      arm: { ...waiting, error: WRONG_ARCHITECTURE },
    });
    expect(story.cluster.nodes.get(nodeId('m'))?.removals.size).toBe(0);
  });

  it('comes to drained and to silent nodes, too', () => {
    const story = given(...fleet, configure('n', { drain: true }), silent('m'), distribute('d', 't'));
    expect(rows(story)).toEqual({ n: waiting, m: waiting });
  });

  it.each<[string, object, object]>([
    ['a template that is not there', { templateId: 'x' }, { code: 'TEMPLATE_UNKNOWN', templateId: 'x' }],
    ['a tag that is not there', { tag: 'v9' }, { code: 'TAG_UNKNOWN', templateId: 't', tag: 'v9' }],
    ['a version that is not there', { version: 7 }, { code: 'VERSION_UNKNOWN', templateId: 't', version: 7 }],
    ['a node that is not there', { nodeIds: ['n', 'x'] }, { code: 'NODE_UNKNOWN', nodeId: 'x' }],
    ['a group that is not there', { groupId: 'x' }, { code: 'GROUP_UNKNOWN', groupId: 'x' }],
    ['no node', { nodeIds: [] }, { code: 'OUT_OF_RANGE', field: 'node_ids', value: 0, min: 1, max: 10_000 }],
    [
      'a group without members',
      { groupId: 'g' },
      { code: 'OUT_OF_RANGE', field: 'nodes', value: 0, min: 1, max: 10_000 },
    ],
    [
      'nodes and a group',
      { nodeIds: ['n'], groupId: 'g' },
      { code: 'INVALID', field: 'group_id', message: 'must not be given together with node_ids' },
    ],
    [
      'an id that is none',
      { distributionId: 'a b' },
      { code: 'INVALID', field: 'distributionId', message: 'is not a valid id' },
    ],
    ['an id that is taken', { distributionId: 'old' }, { code: 'DISTRIBUTION_EXISTS', distributionId: 'old' }],
  ])('says no to %s', (_, changed, refusal) => {
    given(...fleet, group('g'), distribute('old', 't'))
      .when(distribute('d', 't', changed))
      .then(refused(refusal as never));
  });

  it('has the oldest that has finished forgotten when there are too many, and is refused when none has', () => {
    const story = given(...fleet);
    for (let n = 0; n < MAX_DISTRIBUTIONS; n++) story.history.say(distribute(`d${n}`, 't'));
    story.when(distribute('d', 't')).then(
      refused({
        code: 'OUT_OF_RANGE',
        field: 'unfinished distributions',
        value: MAX_DISTRIBUTIONS + 1,
        min: 0,
        max: MAX_DISTRIBUTIONS,
      }),
    );
    story.when(cancel('d7')).when(cancel('d4')).when(distribute('d', 't'));
    expect(story.happened.map(({ type }) => type)).toEqual(['DistributeTemplateToNodes', 'DistributionForgotten']);
    expect(story.happened.at(-1)).toMatchObject({ distributionId: 'd4' });
  });
});
