import {
  breaches,
  change,
  distribute,
  distributing,
  ends,
  fallsBack,
  group,
  image,
  joins,
  newLog,
  node,
  place,
  pulled,
  rowEnds,
  startIn,
  tells,
} from './forged-log.js';

beforeEach(newLog);

describe('the auditor of groups and distributions', () => {
  it.each([
    [
      'a node that is not in the group',
      () => [node(1), group('CreateGroup'), startIn('g'), place()],
      'n1 is neither in g nor in a fallback of it',
    ],
    [
      'a node that left the group',
      () => [node(1), group('CreateGroup'), joins(['g']), startIn('g'), joins([]), place()],
      'n1 is neither',
    ],
    [
      'a node of a group that is a fallback no more',
      () => [
        ...[node(1), ...fallsBack(), joins(['h']), startIn('g')],
        ...[group('UpdateGroup', 'g', { fallbackGroupId: null }), place()],
      ],
      'n1 is neither',
    ],
    [
      'a node of a group that is gone',
      () => [node(1), group('CreateGroup'), joins(['g']), startIn('g'), group('DeleteGroup'), place()],
      'n1 is neither',
    ],
    ['a row that is done without the template', () => [...distributing(), rowEnds()], 'which does not have t:v1'],
    [
      'a row that is done though the template is gone again',
      () => [...distributing(), pulled(), change('TemplateEvicted', image), rowEnds()],
      'which does not have t:v1',
    ],
    [
      'a row that is done from the start without the template',
      () => [node(1), distribute({ cachedOn: ['n1'] })],
      'does not have t:v1',
    ],
    ['a row that ends twice', () => [...distributing(), rowEnds({ error: 'x' }), rowEnds({ error: 'x' })], 'had ended'],
    [
      'a row that ends after the cancellation',
      () => [...distributing(), tells('CancelDistribution'), rowEnds()],
      'had',
    ],
    [
      'a cancellation of what has ended',
      () => [...distributing(), rowEnds({ error: 'x' }), tells('CancelDistribution')],
      '0 rows',
    ],
    ['a distribution that is forgotten too early', () => [...distributing(), tells('DistributionForgotten')], '1 rows'],
    ['a row of a distribution that nobody asked for', () => [node(1), rowEnds()], 'there is no such distribution'],
    ['a node that is meant twice', () => [node(1), distribute({ nodeIds: ['n1'], unfit: ['n1'] })], 'a node twice'],
    [
      'progress that goes back',
      () => [
        ...distributing(),
        ...[0.5, 0.2].map((progress) => tells('DistributionProgressed', { nodeId: 'n1', progress })),
      ],
      'from 0.5 to 0.2',
    ],
  ])('finds %s', (_, life, what) => expect(breaches(life())).toContain(what));

  it.each([
    ['of its group', () => [group('CreateGroup'), joins(['g', 'x'])]],
    ['of a fallback', () => [...fallsBack(), joins(['h'])]],
    [
      'of a fallback that was added later',
      () => [
        group('CreateGroup'),
        group('CreateGroup', 'h'),
        joins(['h']),
        group('UpdateGroup', 'g', { fallbackGroupId: 'h' }),
      ],
    ],
  ])('lets a VM go to a node %s', (_, groups) =>
    expect(breaches([node(1), ...groups(), startIn('g'), place()])).toBe(''),
  );

  it('lets a distribution run its course', () => {
    const to = (progress: number) => tells('DistributionProgressed', { nodeId: 'n1', progress });
    const course = [...distributing(), to(0.5), to(1), pulled(), rowEnds(), tells('DistributionForgotten')];
    expect(breaches(course)).toBe('');
  });
});

describe('at the end the auditor of groups and distributions', () => {
  it.each([
    [
      'a VM of a group that waits though a member could take it',
      () => [node(1), node(1, 'n2'), group('CreateGroup'), joins(['g'], 'n2'), startIn('g')],
      'waits though 1 nodes could take it, such as n2',
    ],
    [
      'a VM that waits for a group that is gone',
      () => [node(1), group('CreateGroup'), startIn('g'), group('DeleteGroup')],
      'waits for g, which is gone',
    ],
    ['a row that never ended', distributing, 'd has not ended on n1'],
  ])('finds %s', (_, life, what) => expect(ends(life())).toContain(what));

  it.each([
    ['no member of its group', () => [node(1), group('CreateGroup'), startIn('g')]],
    ['no member of its group that is open', () => [...fallsBack(), node(0), joins(['h']), startIn('g')]],
  ])('lets a VM wait when there is %s', (_, life) => expect(ends(life())).toBe(''));

  it.each([
    ['done', () => [pulled(), rowEnds()]],
    ['in error', () => [rowEnds({ error: 'no room' })]],
    ['cancelled', () => [tells('CancelDistribution')]],
    ['aborted', () => [tells('DistributionAborted', { error: 'gone' })]],
  ])('is content with a row that is %s', (_, end) => expect(ends([...distributing(), ...end()])).toBe(''));
});
