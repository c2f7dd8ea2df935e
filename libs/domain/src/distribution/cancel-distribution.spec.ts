import { distributionId, nodeId } from '../ids.js';
import { given, nothing, refused, samples } from '../testing/index.js';

const { cancel, distribute, has, joins, push } = samples;
const d = distributionId('d');

describe('CancelDistribution', () => {
  it('ends what has not ended, in the words of the vendor', () => {
    const { cluster } = given(joins('n'), joins('m'), push('t'), distribute('d', 't'), has('m', 't'))
      .when(cancel('d'))
      .then({ type: 'CancelDistribution', distributionId: d });
    expect(Object.fromEntries(cluster.distributions.get(d)?.nodes ?? [])).toEqual({
      n: { progress: 0, done: false, error: 'request canceled' },
      m: { progress: 1, done: true },
    });
    expect(cluster.nodes.get(nodeId('n'))?.distributions.size).toBe(0);
  });

  it('changes nothing of one that has finished', () => {
    given(joins('n'), push('t'), distribute('d', 't'), cancel('d')).when(cancel('d')).then(nothing);
  });

  it('knows no distribution that is not there', () => {
    given()
      .when(cancel('d'))
      .then(refused({ code: 'DISTRIBUTION_UNKNOWN', distributionId: 'd' }));
  });
});
