import { nodeId } from '../ids.js';
import { given, nothing, samples } from '../testing/index.js';

const { joins, push, start } = samples;
const pulled = (nodeName: string, tag = 'v1') =>
  ({ type: 'ReportTemplatePulled', nodeId: nodeName, templateId: 't', tag }) as const;

describe('ReportTemplatePulled', () => {
  it('is recorded once per version', () => {
    given(joins('n'))
      .when(pulled('n'))
      .then({ type: 'TemplatePulled', nodeId: nodeId('n'), templateId: 't', tag: 'v1' })
      .when(pulled('n'))
      .then(nothing)
      .when(pulled('n', 'v2'))
      .then({ type: 'TemplatePulled', nodeId: nodeId('n'), templateId: 't', tag: 'v2' });
  });

  it('makes the node preferred from then on', () => {
    const story = given(joins('m'), joins('n'), push('t'), pulled('n')).when(start('a', 't'));
    expect(story.happened.at(-1)).toMatchObject({ type: 'VMScheduled', nodeId: 'n' });
  });

  it('of a node that nobody knows changes nothing', () => {
    given().when(pulled('n')).then(nothing);
  });
});
