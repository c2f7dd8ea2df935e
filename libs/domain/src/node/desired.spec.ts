import { nodeId, vmId } from '../ids.js';
import { given, samples } from '../testing/index.js';
import type { Said } from '../testing/index.js';
import { desiredNode } from './desired.js';

const { joins, push, start, started, stopped, lost, pulling, restart, terminate, terminated, startFailed } = samples;
const { script, blob, report, instance } = samples;
const n = nodeId('n');
const fleet = [joins('n', { config: { capacity: 9 } }), push('t'), start('a', 't')];
const wishes = (...earlier: Said[]) => desiredNode(given(...fleet, ...earlier).cluster, n).vms;

describe('the desired state of a node', () => {
  it('says all that the node must know to start a VM', () => {
    const request = { nameTemplate: '$id', script: script(), vcpu: 4, externalId: 'not the business of the node' };
    const { cluster } = given(joins('n'), push('t'), start('a', 't', request));
    expect(desiredNode(cluster, n)).toEqual({
      asOf: cluster.sequence,
      vms: [
        {
          vmId: 'a',
          epoch: 4,
          wish: 'present',
          started: false,
          restarts: 0,
          nameTemplate: '$id',
          image: {
            templateId: 't',
            templateName: 'template t',
            tag: 'v1',
            version: 0,
            arch: 'amd64',
            disk: blob('t v1'),
          },
          cpu: 4,
          memoryMiB: 2048,
          forwards: [{ name: 'ssh', guestPort: 22 }],
          script: script(),
        },
      ],
    });
  });

  it('says which USB device, MAC address and network the VM has there', () => {
    const facts = { usbDevices: [{ id: 'u1', group: 'phone' }], vlans: ['blue'] };
    const request = { usbDevice: 'phone', macAddress: '0a:00:00:00:00:01', vlan: 'blue' };
    const { cluster } = given(joins('n', { facts }), push('t'), start('a', 't', request));
    expect(desiredNode(cluster, n).vms).toMatchObject([{ ...request, usbDevice: 'u1' }]);
  });

  const kept = report('a', { type: 'ReportVMStartFailed', message: 'x', retryable: false, instance: instance() });
  it.each<[string, Said[], object]>([
    ['starting', [], { wish: 'present', started: false }],
    ['being pulled', [pulling('a')], { wish: 'present', started: false }],
    ['running', [started('a')], { wish: 'present', started: true }],
    ['powered off', [started('a'), stopped('a')], { wish: 'present', started: true }],
    ['failed and kept', [kept], { wish: 'present', started: true }],
    ['ending', [terminate('a')], { wish: 'absent', started: true }],
  ])('of a VM that is %s', (_, earlier, wish) => expect(wishes(...earlier)).toMatchObject([wish]));

  it.each<[string, Said[]]>([
    ['lost', [started('a'), lost('a')]],
    ['failed for good', [startFailed('a', false)]],
    ['terminated', [terminate('a'), terminated('a')]],
  ])('does not name a VM that is %s', (_, earlier) => expect(wishes(...earlier)).toEqual([]));

  it('counts the restarts asked for', () => {
    expect(wishes(started('a'), restart('a'), restart('a'))).toMatchObject([{ restarts: 2 }]);
  });

  it('names a VM under the epoch of its newest placement, and in that order', () => {
    const now = wishes(start('b', 't'), startFailed('a'));
    expect(now.map(({ vmId: id }) => id)).toEqual(['b', 'a']);
    expect(now.map(({ epoch }) => epoch)).toEqual([...now.map(({ epoch }) => epoch)].sort((x, y) => x - y));
  });

  it('names what to pull, the oldest wish first, until its distribution has ended', () => {
    const story = given(joins('n'), push('t'), push('u'), samples.distribute('2', 'u'), samples.distribute('1', 't'));
    expect(desiredNode(story.cluster, n).pulls).toMatchObject([
      { distributionId: '2', image: { templateId: 'u', disk: blob('u v1') } },
      { distributionId: '1', image: { templateId: 't' } },
    ]);
    story.when(samples.has('n', 'u')).when(samples.cancel('1'));
    expect(desiredNode(story.cluster, n)).toEqual({ asOf: story.cluster.sequence, vms: [] });
  });

  it('is empty for a node that is gone, and says as of when', () => {
    const { cluster } = given(...fleet, { type: 'DeleteNode', nodeId: 'n' });
    expect(desiredNode(cluster, n)).toEqual({ asOf: cluster.sequence, vms: [] });
    expect(cluster.vms.get(vmId('a'))?.phase.name).toBe('pending');
  });
});

const distributed = [joins('n'), push('t'), samples.distribute('d', 't')];

describe('what the writer of desired states should look at', () => {
  it.each<[string, Said[], Said, string[]]>([
    ['a placement', [joins('n'), push('t')], start('a', 't'), ['n']],
    ['a restart', [...fleet, started('a')], restart('a'), ['n']],
    ['an end', [...fleet], terminate('a'), ['n']],
    ['a node that joins', [], joins('m'), ['m']],
    ['a node that leaves', [joins('n')], { type: 'DeleteNode', nodeId: 'n' }, ['n']],
    ['a distribution', [joins('n'), joins('m'), push('t')], samples.distribute('d', 't', { nodeIds: ['n'] }), ['n']],
    ['its progress', [...distributed], samples.progressed('n', 'd', 0.5), []],
    ['its end', [...distributed], samples.cancel('d'), ['n']],
    ['a waiting VM', [push('t')], start('a', 't'), []],
    ['a start, of which the node knows', [...fleet], started('a'), []],
  ])('%s', (_, earlier, said, nodes) => {
    const { cluster, history } = given(...earlier);
    cluster.touched.clear();
    history.say(typeof said === 'function' ? said(cluster) : said);
    expect([...cluster.touched]).toEqual(nodes);
  });

  it.each<[string, Said[], Said, string[]]>([
    ['a start', [...fleet], started('a'), ['n']],
    ['the end of a VM', [...fleet, terminate('a')], terminated('a'), ['n']],
    ['a pull', [...fleet], pulling('a'), []],
    ['a VM that powered itself off', [...fleet, started('a')], stopped('a'), []],
  ])('when nothing else is to be done: %s', (_, earlier, said, nodes) => {
    const { cluster, history } = given(...earlier);
    cluster.touched.clear();
    cluster.noted.clear();
    history.say(typeof said === 'function' ? said(cluster) : said);
    expect([[...cluster.touched], [...cluster.noted]]).toEqual([[], nodes]);
  });
});
