import { nodeId, vmId } from '../ids.js';
import type { Node, NodeFacts } from '../node/node.js';
import { type Said, given, samples, type Story } from '../testing/index.js';
import type { Vm, VmRequest } from '../vm/vm.js';
import { demandOf } from './demand.js';
import { type FilterReason, whyNot } from './filters.js';

const { joins, push, start, configure, terminate, terminated, started, stopped, unknownVms, blob } = samples;

const FACTS: Partial<NodeFacts> = {
  labels: { rack: 'a', room: '1' },
  resources: { gpu: 2 },
  vlans: ['blue'],
  usbDevices: [
    { id: 'u2', group: 'phone' },
    { id: 'u1', group: 'phone' },
  ],
};
const MAC = '0A:00:00:00:00:01';
const APPLE = { os: 'darwin', arch: 'arm64' } as const;
const GIB = 1024 ** 3;

const nodeOf = ({ cluster }: Story, id = 'n') => cluster.nodes.get(nodeId(id)) as Node;
const vmOf = ({ cluster }: Story, id = 'a') => cluster.vms.get(vmId(id)) as Vm;
const reason = (story: Story, id = 'a') => whyNot(nodeOf(story), demandOf(story.cluster, vmOf(story, id)));
const seatOf = (story: Story, id = 'a') => {
  const { phase } = vmOf(story, id);
  return 'at' in phase ? phase.at : undefined;
};

/** A node with room, and whatever it says of itself. */
const node = (facts: Partial<NodeFacts> = FACTS) => joins('n', { facts, config: { capacity: 9 } });
const ask = (request: Partial<VmRequest>, facts?: Partial<NodeFacts>) =>
  given(node(facts), push('t'), start('a', 't', request));
/** `other` is on the node, and `a` asks for the same. */
const second = (request: Partial<VmRequest>, facts?: Partial<NodeFacts>) =>
  given(node(facts), push('t'), start('other', 't', request), start('a', 't', request));

describe('a filter', () => {
  it.each<[FilterReason, string, Story]>([
    ['unlicensed', 'a licence that is invalid', ask({}, { licence: 'invalid' })],
    ['no-label', 'a label that the node lacks', ask({ labels: { zone: 'a' } })],
    ['no-label', 'a label with another value', ask({ labels: { rack: 'a', room: '2' } })],
    ['no-label', 'a label that every object has', ask({ labels: { constructor: 'a' } })],
    ['no-tag', 'a required tag that the node lacks', ask({ nodeTag: 'fast', nodeTagRequired: true })],
    ['no-vlan', 'a VLAN in which the node is not', ask({ vlan: 'red' })],
    ['no-resource', 'more of a resource than there is', ask({ resources: { gpu: 3 } })],
    ['no-resource', 'a resource that the node does not know: it has none', ask({ resources: { fpga: 1 } })],
    ['no-resource', 'a resource of which another VM left too little', second({ resources: { gpu: 2 } })],
    ['no-usb-device', 'a USB device that is not there', ask({ usbDevice: 'camera' })],
    ['no-usb-device', 'a USB device that another VM holds', second({ usbDevice: 'u1' })],
    ['mac-in-use', 'a MAC address that another VM has', second({ macAddress: MAC })],
    ['no-disk', 'a template for which the disk is too small', ask({}, { diskBytes: 1279 })],
  ])('%s keeps out %s', (why, _, story) => {
    expect(reason(story)).toBe(why);
    expect(vmOf(story).phase.name).toBe('pending');
  });

  it.each<[string, Story]>([
    ['a licence that is valid', ask({}, { licence: 'valid' })],
    ['labels that are among those of the node', ask({ labels: { room: '1' } })],
    ['no labels', ask({ labels: {} })],
    ['a tag that is only preferred', ask({ nodeTag: 'fast' })],
    ['a VLAN in which the node is', ask({ vlan: 'blue' })],
    ['as much of a resource as there is', ask({ resources: { gpu: 2, fpga: 0 } })],
    ['a resource that another VM left', second({ resources: { gpu: 1 } })],
    ['a USB device by its id', ask({ usbDevice: 'u1' })],
    ['the second USB device of a group', second({ usbDevice: 'phone' })],
    ['a MAC address that nobody has', ask({ macAddress: MAC })],
    ['a template for which the disk just suffices', ask({}, { diskBytes: 1280 })],
    ['a node that does not know its disk', ask({}, {})],
  ])('lets in %s', (_, story) => expect(seatOf(story)?.nodeId).toBe('n'));

  it('of Apple’s licence allows two VMs on a host with its chips, those of others among them', () => {
    const fleet = (facts: Partial<NodeFacts>, ...more: Said[]) =>
      given(node(facts), push('t', { arch: 'arm64' }), ...more, start(['a', 'b', 'c'], 't'));
    const placed = (story: Story) => story.cluster.nodes.get(nodeId('n'))?.used.vms;
    const story = fleet(APPLE);
    expect([placed(story), reason(story, 'c')]).toEqual([2, 'apple-limit']);
    expect(placed(fleet(APPLE, unknownVms('n', 1)))).toBe(1);
    expect(placed(fleet({ arch: 'arm64', os: 'linux' }))).toBe(3);
    expect(placed(fleet(APPLE, configure('n', { ignoreAppleLimit: true })))).toBe(3);
    story.when(configure('n', { ignoreAppleLimit: true }));
    expect(placed(story)).toBe(3);
  });

  it('of the disk counts templates once that VMs use, and what only lies in the cache not at all', () => {
    const facts = { diskBytes: 100 * GIB };
    const template = (id: string, gib: number) => push(id, { disk: blob(id, gib * GIB) });
    const cached = ['old', 't', 'u'].map((templateId) => ({ templateId, tag: 'v1' }));
    const story = given(
      joins('n', { facts, config: { capacity: 9 }, cached }),
      ...[template('old', 90), template('t', 50), template('u', 31)],
      start(['a', 'b'], 't'),
      start('c', 'u'),
    );
    expect(['a', 'b', 'c'].map((id) => seatOf(story, id)?.nodeId)).toEqual(['n', 'n', undefined]);
    expect(reason(story, 'c')).toBe('no-disk');
    story.when(configure('n', { reservePercent: 19 }));
    expect(seatOf(story, 'c')?.nodeId).toBe('n');
  });
});

describe('a preferred tag', () => {
  const fleet = () =>
    given(
      joins('n', { config: { capacity: 1, tags: ['fast'] } }),
      joins('m', { config: { capacity: 9 } }),
      ...[push('t'), start('a', 't', { nodeTag: 'fast' }), start('b', 't', { nodeTag: 'fast' })],
    );

  it('is worth more than an emptier node, and less than a seat', () => {
    expect([seatOf(fleet(), 'a')?.nodeId, seatOf(fleet(), 'b')?.nodeId]).toEqual(['n', 'm']);
  });

  it('that is required is worth waiting for', () => {
    const story = fleet().when(start('c', 't', { nodeTag: 'fast', nodeTagRequired: true }));
    expect(vmOf(story, 'c').phase.name).toBe('pending');
    story.when(configure('m', { tags: ['slow', 'fast'] }));
    expect(seatOf(story, 'c')?.nodeId).toBe('m');
  });
});

describe('a VM that waits for what another holds', () => {
  const takesIts = (request: Partial<VmRequest>, facts: Partial<NodeFacts> = FACTS) => {
    const story = second(request, facts).when(started('other'));
    expect(vmOf(story).phase.name).toBe('pending');
    return story;
  };

  it.each<[string, Partial<VmRequest>]>([
    ['its resource', { resources: { gpu: 2 } }],
    ['its USB device', { usbDevice: 'u1' }],
    ['its MAC address', { macAddress: MAC }],
  ])('gets %s when that one has ended', (_, request) => {
    const story = takesIts(request).when(terminate('other'));
    expect(vmOf(story).phase.name).toBe('pending');
    story.when(terminated('other'));
    expect(seatOf(story)?.nodeId).toBe('n');
  });

  it('gets the resource, and neither the USB device nor the MAC address, when that one is powered off', () => {
    expect(seatOf(takesIts({ resources: { gpu: 2 } }).when(stopped('other')))?.nodeId).toBe('n');
    for (const request of [{ usbDevice: 'u1' }, { macAddress: MAC }]) {
      const story = takesIts(request).when(stopped('other'));
      expect(vmOf(story).phase.name).toBe('pending');
      story.when(terminate('other')).when(terminated('other'));
      expect(seatOf(story)?.nodeId).toBe('n');
    }
  });

  it('gets its MAC address on any node, though no room came free there', () => {
    const story = given(joins('n', { config: { capacity: 1 } }), push('t'), start('other', 't', { macAddress: MAC }));
    story
      .when(started('other'))
      .when(joins('m'))
      .when(configure('n', { drain: true }));
    story.when(start('a', 't', { macAddress: MAC.toLowerCase() }));
    expect(vmOf(story).phase.name).toBe('pending');
    story.when(terminate('other')).when(terminated('other'));
    expect(seatOf(story)?.nodeId).toBe('m');
  });

  it('gets its room on the disk when the last VM of the other template has ended', () => {
    const facts = { diskBytes: 1280 };
    const story = given(node(facts), push('t'), push('u'), start('other', 't'), start('a', 'u'));
    expect(reason(story)).toBe('no-disk');
    story.when(started('other')).when(stopped('other'));
    expect(reason(story)).toBe('no-disk');
    story.when(terminate('other')).when(terminated('other'));
    expect(seatOf(story)?.nodeId).toBe('n');
  });

  it.each<[string, Partial<VmRequest>, Partial<NodeFacts>]>([
    ['a valid licence', {}, { licence: 'invalid' }],
    ['the label', { labels: { zone: 'a' } }, {}],
    ['the VLAN', { vlan: 'red' }, {}],
    ['the resource', { resources: { fpga: 1 } }, {}],
    ['the USB device', { usbDevice: 'camera' }, {}],
    ['a larger disk', {}, { diskBytes: 1 }],
  ])('gets its seat when the node joins again with %s', (_, request, facts) => {
    const story = ask(request, facts);
    expect(vmOf(story).phase.name).toBe('pending');
    const better: Partial<NodeFacts> = {
      ...{ licence: 'valid', labels: { zone: 'a' }, vlans: ['red'], resources: { fpga: 1 } },
      ...{ usbDevices: [{ id: 'c', group: 'camera' }], diskBytes: 1e9 },
    };
    story.when(node(better));
    expect(seatOf(story)?.nodeId).toBe('n');
  });
});

describe('a USB device', () => {
  it('is the first of its group by id that is free; event, seat and desired state name it', () => {
    const story = second({ usbDevice: 'phone' });
    expect(
      story.history.events.flatMap(({ event }) => (event.type === 'VMScheduled' ? [event.usbDevice] : [])),
    ).toEqual(['u1', 'u2']);
    expect([seatOf(story, 'other')?.usbDevice, seatOf(story)?.usbDevice]).toEqual(['u1', 'u2']);
  });

  it('stays with the VM from phase to phase', () => {
    const story = ask({ usbDevice: 'phone' }).when(started('a')).when(stopped('a'));
    expect(seatOf(story)?.usbDevice).toBe('u1');
  });
});
