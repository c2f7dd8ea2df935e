import { MAX_LABELS, MAX_RESOURCE_AMOUNT } from '../limits.js';
import type { NodeConfig, NodeFacts } from '../node/node.js';
import { given, refused, samples } from '../testing/index.js';
import type { VmRequest } from './vm.js';

const { joins, push, start, configure } = samples;
const many = Object.fromEntries(Array.from({ length: MAX_LABELS + 1 }, (_, index) => [`k${index}`, 'v']));
const invalid = (field: string, message: string) => refused({ code: 'INVALID', field, message });
const amount = (value: number) =>
  refused({ code: 'OUT_OF_RANGE', field: 'resources.gpu', value, min: 0, max: MAX_RESOURCE_AMOUNT });
const tagRule = 'must be 1–63 of A–Z a–z 0–9 . _ - with a letter or digit at each end';
const long = 'x'.repeat(257);
const tooLong = 'is 257 characters long: must be at most 256';

describe('what a VM asks of its node', () => {
  it.each<[string, Partial<VmRequest>, ReturnType<typeof refused>]>([
    [
      'a MAC address of another form',
      { macAddress: '0a-00' },
      invalid('mac_address', 'is "0a-00": must be six hexadecimal pairs with colons'),
    ],
    ['a USB device without a name', { usbDevice: '' }, invalid('usb_device', 'must not be empty')],
    ['a VLAN with too long a name', { vlan: long }, invalid('vlan', tooLong)],
    ['a tag that ends in a dash', { nodeTag: 'a-' }, invalid('tag', `has "a-": ${tagRule}`)],
    ['too many labels', { labels: many }, invalid('labels', 'has 65 entries: must have at most 64')],
    ['a label that is too long', { labels: { a: long } }, invalid('labels', tooLong)],
    ['less than nothing of a resource', { resources: { gpu: -1 } }, amount(-1)],
    ['a fraction of a resource', { resources: { gpu: 0.5 } }, amount(0.5)],
  ])('cannot be %s', (_, request, no) => {
    given(joins('n'), push('t'))
      .when(start('a', 't', request))
      .then(no);
  });
});

describe('what a node offers', () => {
  it.each<[string, Partial<NodeFacts>, ReturnType<typeof refused>]>([
    [
      'a licence of another kind',
      { licence: 'trial' as never },
      invalid('licence', 'is "trial": must be one of valid, invalid'),
    ],
    [
      'a negative disk',
      { diskBytes: -1 },
      refused({ code: 'OUT_OF_RANGE', field: 'diskBytes', value: -1, min: 0, max: 2 ** 50 }),
    ],
    [
      'one USB device twice',
      {
        usbDevices: [
          { id: 'u', group: 'a' },
          { id: 'u', group: 'b' },
        ],
      },
      invalid('usbDevices', 'must not repeat an id'),
    ],
    ['too many labels', { labels: many }, invalid('labels', 'has 65 entries: must have at most 64')],
    ['a fraction of a resource', { resources: { gpu: 0.5 } }, amount(0.5)],
    ['a VLAN with too long a name', { vlans: [long] }, invalid('vlans', tooLong)],
    ['an operating system with too long a name', { os: long }, invalid('os', tooLong)],
  ])('cannot be %s', (_, facts, no) => {
    given().when(joins('n', { facts })).then(no);
  });

  it.each<[string, Partial<NodeConfig>, ReturnType<typeof refused>]>([
    [
      'a reserve that leaves nothing',
      { reservePercent: 96 },
      refused({ code: 'OUT_OF_RANGE', field: 'reserve_percent', value: 96, min: 0, max: 95 }),
    ],
    ['a tag with a blank', { tags: ['a b'] }, invalid('tags', `has "a b": ${tagRule}`)],
  ])('cannot have %s', (_, config, no) => {
    given(joins('n')).when(configure('n', config)).then(no);
  });

  it('is kept as the operator sets it, also when the node joins again', () => {
    const config = { reservePercent: 5, tags: ['fast'], ignoreAppleLimit: true };
    const story = given(joins('n'), configure('n', config), joins('n', { facts: { agentVersion: '2' } }));
    expect([...story.cluster.nodes.values()][0]?.config).toMatchObject(config);
  });
});
