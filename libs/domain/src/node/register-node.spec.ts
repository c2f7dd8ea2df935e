import { nodeId } from '../ids.js';
import { given, nothing, refused, samples } from '../testing/index.js';

const { joins, factsOf, configOf, push, start, configure, silent } = samples;
const n = nodeId('n');
const cached = [{ templateId: 't', tag: 'v1' }];

describe('RegisterNode', () => {
  it('takes in a node as it describes itself', () => {
    const story = given()
      .when(joins('n', { cached }))
      .then({ type: 'NodeRegistered', nodeId: n, facts: factsOf('n'), config: configOf(), cached });
    expect(story.cluster.nodes.get(n)).toMatchObject({ online: true, deleted: false, used: { vms: 0 } });
  });

  it('gives waiting VMs their seats', () => {
    const story = given(push('t'), start('a', 't')).when(joins('n'));
    expect(story.happened.map(({ type }) => type)).toEqual(['NodeRegistered', 'VMScheduled']);
  });

  it('says nothing of a node that comes back as it was, its cache in any order and however often named', () => {
    const two = [{ templateId: 'u', tag: 'v1' }, ...cached];
    given(joins('n', { cached: two }))
      .when(joins('n', { cached: two.toReversed() }))
      .then(nothing)
      .when(joins('n', { cached: [...two, ...cached] }))
      .then(nothing);
  });

  it.each([
    ['memory', joins('n', { cached, facts: { memoryMiB: 1024 } })],
    ['cores', joins('n', { cached, facts: { cpuCount: 1 } })],
    ['architecture', joins('n', { cached, facts: { arch: 'arm64' } })],
    ['driver', joins('n', { cached, facts: { driver: 'tart' } })],
    ['driver version', joins('n', { cached, facts: { driverVersion: '2' } })],
    ['agent version', joins('n', { cached, facts: { agentVersion: '9' } })],
    ['cache', joins('n', { cached: [{ templateId: 't', tag: 'v2' }] })],
    ['empty cache', joins('n')],
  ])('records a node that comes back with another %s', (_, again) => {
    const { facts, cached: now } = again;
    given(joins('n', { cached }))
      .when(again)
      .then({ type: 'NodeRegistered', nodeId: n, facts, config: configOf(), cached: now });
  });

  it('lets the controller own configuration, name and address after the first time', () => {
    const earlier = [joins('n'), configure('n', { capacity: 7, drain: true })];
    const named = { type: 'ConfigNode' as const, nodeId: 'n', name: 'renamed', host: '192.0.2.9', config: {} };
    const story = given(...earlier, named)
      .when(joins('n', { config: { capacity: 1 }, facts: { name: 'x', host: 'y' } }))
      .then(nothing)
      .when(joins('n', { config: { capacity: 1 }, facts: { name: 'x', host: 'y', cpuCount: 3 } }));
    expect(story.cluster.nodes.get(n)).toMatchObject({
      config: { capacity: 7, drain: true },
      facts: { name: 'renamed', host: '192.0.2.9', cpuCount: 3 },
    });
  });

  it('brings a silent node back, with the VMs that it has', () => {
    const story = given(joins('n'), push('t'), start('a', 't'), samples.started('a'), silent('n')).when(joins('n'));
    expect(story.happened.map(({ type }) => type)).toEqual(['NodeRegistered']);
    expect(story.cluster.nodes.get(n)).toMatchObject({ online: true, used: { vms: 1 } });
  });

  it('knows nothing any more of a node that was deleted', () => {
    given(joins('n', { config: { capacity: 7 } }), { type: 'DeleteNode', nodeId: 'n' })
      .when(joins('n'))
      .then({ type: 'NodeRegistered', nodeId: n, facts: factsOf('n'), config: configOf(), cached: [] });
  });

  it('says no to a node with an impossible description', () => {
    const range = { code: 'OUT_OF_RANGE' } as const;
    const [maxCpus, maxMemory] = [8192, 268_435_456];
    given()
      .when(joins('../n'))
      .then(refused({ code: 'INVALID', field: 'nodeId', message: '"../n" is not a valid id' }))
      .when(joins('n', { facts: { arch: 'm68k' as never } }))
      .then(refused({ code: 'INVALID', field: 'arch', message: 'is "m68k": must be one of amd64, arm64' }))
      .when(joins('n', { facts: { cpuCount: 0 } }))
      .then(refused({ ...range, field: 'cpuCount', value: 0, min: 1, max: maxCpus }))
      .when(joins('n', { facts: { memoryMiB: 0.5 } }))
      .then(refused({ ...range, field: 'memoryMiB', value: 0.5, min: 1, max: maxMemory }))
      .when(joins('n', { facts: { host: 'x'.repeat(257) } }))
      .then(refused({ code: 'INVALID', field: 'host', message: 'is 257 characters long: must be at most 256' }))
      .when(joins('n', { config: { capacity: 10_001 } }))
      .then(refused({ ...range, field: 'max_vm_count', value: 10_001, min: 0, max: 10_000 }))
      .when(joins('n', { cached: Array.from({ length: 2001 }, (_, i) => ({ templateId: `t${i}`, tag: 'v1' })) }))
      .then(refused({ ...range, field: 'cached', value: 2001, min: 0, max: 2000 }));
  });
});
