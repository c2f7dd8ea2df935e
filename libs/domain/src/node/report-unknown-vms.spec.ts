import { nodeId, vmId } from '../ids.js';
import { MAX_UNKNOWN_VMS } from '../limits.js';
import { given, nothing, refused, samples } from '../testing/index.js';

const { joins, push, start, unknownVms, configure } = samples;
const n = nodeId('n');
const found = (vms: number) => ({ type: 'UnknownVMsFound' as const, nodeId: n, vms });
const placed = (id: string) => ({ type: 'VMScheduled' as const, vmId: vmId(id), nodeId: n, attempt: 1 });

describe('VMs on a host that nobody knows', () => {
  it('are recorded when their number changes, and only then', () => {
    given(joins('n'))
      .when(unknownVms('n', 0))
      .then(nothing)
      .when(unknownVms('n', 2))
      .then(found(2))
      .when(unknownVms('n', 2))
      .then(nothing)
      .when(unknownVms('n', 0))
      .then(found(0));
  });

  it('use slots, and their end frees them for whoever waits', () => {
    const story = given(joins('n'), push('t'), unknownVms('n', 1), start(['a', 'b'], 't'));
    expect(story.cluster.pending.size).toBe(1);
    story.when(unknownVms('n', 0));
    expect(story.happened).toMatchObject([found(0), placed('b')]);
  });

  it('may be more than there are slots: then nothing is placed until enough have gone', () => {
    const story = given(joins('n'), push('t'), unknownVms('n', 9), start('a', 't'));
    story.when(unknownVms('n', 2)).then(found(2));
    expect(story.cluster.pending.size).toBe(1);
  });

  it('do not count where cores and memory do: nobody knows theirs', () => {
    const story = given(joins('n', { config: { capacityMode: 'resource' } }), push('t'), unknownVms('n', 9));
    story.when(start('a', 't'));
    expect(story.happened.map(({ type }) => type)).toEqual(['StartVM', 'VMScheduled']);
  });

  it('count when the number of slots is lowered', () => {
    given(joins('n'), push('t'), start('a', 't'), unknownVms('n', 1))
      .when(configure('n', { capacity: 1 }))
      .then(refused({ code: 'CAPACITY_BELOW_USE', nodeId: 'n', field: 'max_vm_count', capacity: 1, inUse: 2 }));
  });

  it('are told anew with each join', () => {
    const story = given(joins('n'), unknownVms('n', 2))
      .when({ ...joins('n'), unknownVms: 2 })
      .then(nothing);
    expect(story.cluster.nodes.get(n)?.unknownVms).toBe(2);
    story.when(joins('n'));
    expect(story.happened.map(({ type }) => type)).toEqual(['NodeRegistered']);
    expect(story.cluster.nodes.get(n)?.unknownVms).toBeUndefined();
    given()
      .when({ ...joins('n'), unknownVms: -1 })
      .then(refused({ code: 'OUT_OF_RANGE', field: 'unknownVms', value: -1, min: 0, max: MAX_UNKNOWN_VMS }));
  });

  it('of a node that nobody knows change nothing', () => {
    given().when(unknownVms('n', 2)).then(nothing);
  });

  it('cannot be fewer than none, nor more than anybody could count', () => {
    for (const vms of [-1, 1.5, MAX_UNKNOWN_VMS + 1])
      given(joins('n'))
        .when(unknownVms('n', vms))
        .then(refused({ code: 'OUT_OF_RANGE', field: 'unknownVms', value: vms, min: 0, max: MAX_UNKNOWN_VMS }));
  });
});
