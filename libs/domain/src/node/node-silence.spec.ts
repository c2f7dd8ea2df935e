import { nodeId, vmId } from '../ids.js';
import { given, nothing, samples } from '../testing/index.js';

const { joins, push, start, started, pulling, silent, heard, startFailed } = samples;
const at = { vmId: vmId('a'), nodeId: nodeId('n') };
const offline = { type: 'NodeOffline' as const, nodeId: at.nodeId };
const online = { type: 'NodeOnline' as const, nodeId: at.nodeId };
const message = 'node fell silent during the start';

describe('a silent node', () => {
  it('is recorded once, and once when it is heard again', () => {
    given(joins('n'))
      .when(heard('n'))
      .then(nothing)
      .when(silent('n'))
      .then(offline)
      .when(silent('n'))
      .then(nothing)
      .when(heard('n'))
      .then(online);
  });

  it('takes no VMs until it is heard again', () => {
    const story = given(joins('n'), silent('n'), push('t'), start('a', 't'));
    story.when(heard('n')).then(online, { type: 'VMScheduled', ...at, attempt: 1 });
  });

  it('keeps what ran on it, because that is unknown and not lost', () => {
    const story = given(joins('n'), push('t'), start('a', 't'), started('a')).when(silent('n')).then(offline);
    expect(story.cluster.vms.get(at.vmId)?.phase.name).toBe('running');
  });

  it('gives up the starts in progress, even in the middle of a pull', () => {
    given(joins('n'), push('t'), start('a', 't'), pulling('a'), joins('m'))
      .when(silent('n'))
      .then(
        offline,
        { type: 'VMStartAttemptFailed', ...at, attempt: 1, message },
        { type: 'VMScheduled', vmId: at.vmId, nodeId: nodeId('m'), attempt: 2 },
      );
  });

  it('says no more of a start that went elsewhere meanwhile', () => {
    const story = given(joins('n'), push('t'), start('a', 't'), joins('m'));
    const late = started('a')(story.cluster);
    story.when(silent('n')).when(heard('n')).when(late).then(nothing);
  });

  it('fails a start whose last attempt it was', () => {
    given(joins('n'), push('t'), start('a', 't'), startFailed('a'), startFailed('a'))
      .when(silent('n'))
      .then(offline, { type: 'VMFailedToStart', vmId: at.vmId, message });
  });

  it('that nobody knows changes nothing', () => {
    given().when(silent('n')).then(nothing).when(heard('n')).then(nothing);
  });
});
