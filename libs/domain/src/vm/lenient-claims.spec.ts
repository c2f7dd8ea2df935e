import { given, samples } from '../testing/index.js';

const { addTo, group, joins, push, silent, start } = samples;
const phone = { facts: { usbDevices: [{ id: 'u1', group: 'phone' }] } };
const blue = { facts: { vlans: ['blue'] } };
const lenient = (request: object) => ({ ...start('a', 't', request), lenient: true });

describe('StartVM, when it is lenient', () => {
  it('does not wait for what no node could give, and notes what it was', () => {
    const story = given(joins('n'), push('t')).when(
      lenient({ usbDevice: 'phone', vlan: 'blue', passthrough: { hvapic: 'forceOn' } }),
    );
    expect(story.happened).toMatchObject([
      {
        type: 'StartVM',
        request: { templateId: 't', passthrough: { hvapic: 'forceOn', usb_device: 'phone', vlan_tag: 'blue' } },
      },
      { type: 'VMScheduled', nodeId: 'n' },
    ]);
    expect(Object.keys((story.happened[0] as { request: object }).request).sort()).toEqual([
      'passthrough',
      'templateId',
    ]);
  });

  it('waits for what a node has that is silent, full or drained now', () => {
    for (const later of [silent('n'), start('b', 't', { usbDevice: 'phone' })]) {
      const story = given(joins('n', phone), joins('m'), push('t'), later).when(lenient({ usbDevice: 'phone' }));
      expect(story.happened).toMatchObject([{ type: 'StartVM', request: { usbDevice: 'phone' } }]);
    }
  });

  it('looks only at nodes on which the VM may run', () => {
    const asked = { usbDevice: 'u1' };
    const noted = { passthrough: { usb_device: 'u1' } };
    for (const [request, node] of [
      [{ ...asked, nodeId: 'm' }, joins('n', phone)],
      [{ ...asked, groupId: 'g' }, joins('n', phone)],
      [asked, joins('n', { facts: { ...phone.facts, arch: 'arm64' } })],
    ] as const) {
      const story = given(group('g'), joins('m'), addTo(['g'], ['m']), node, push('t')).when(lenient(request));
      expect(story.happened).toMatchObject([
        { type: 'StartVM', request: noted },
        { type: 'VMScheduled', nodeId: 'm' },
      ]);
    }
  });

  it('keeps the device when no single node has both', () => {
    const story = given(joins('n', phone), joins('m', blue), push('t'));
    story.when(lenient({ vlan: 'blue', usbDevice: 'phone' }));
    expect(story.happened).toMatchObject([
      { type: 'StartVM', request: { usbDevice: 'phone', passthrough: { vlan_tag: 'blue' } } },
      { type: 'VMScheduled', nodeId: 'n', usbDevice: 'u1' },
    ]);
  });

  it('is not so for others: they wait', () => {
    const story = given(joins('n'), push('t')).when(start('a', 't', { vlan: 'blue' }));
    expect(story.happened).toMatchObject([{ type: 'StartVM', request: { vlan: 'blue' } }]);
  });
});
