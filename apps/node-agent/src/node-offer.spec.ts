import { offerOf } from './node-offer.js';

const offer = (usb?: string, vlans?: string, labels?: string) =>
  offerOf({ MUSTER_NODE_USB_DEVICES: usb, MUSTER_NODE_VLANS: vlans, MUSTER_NODE_LABELS: labels });

describe('What a node offers', () => {
  test('is nothing unless its operator says so', () => {
    expect(offer()).toEqual({});
    expect(offer('', ' , ', '')).toEqual({});
  });

  test('is read from lists with commas', () => {
    expect(offer('usb-1=phone, 338690048 = phone', 'blue,red,blue', 'rack=a,os=mac=os')).toEqual({
      usbDevices: [
        { id: 'usb-1', group: 'phone' },
        { id: '338690048', group: 'phone' },
      ],
      vlans: ['blue', 'red'],
      labels: { rack: 'a', os: 'mac=os' },
    });
  });

  test.each([
    ['usb-1', undefined, 'Cannot read setting MUSTER_NODE_USB_DEVICES: "usb-1" must be two words with = between them'],
    ['usb-1=a,usb-1=b', undefined, 'Cannot read setting MUSTER_NODE_USB_DEVICES: it names "usb-1" twice'],
    [undefined, '=a', 'Cannot read setting MUSTER_NODE_LABELS: "=a" must be two words with = between them'],
  ])('cannot be %s, %s', (usb, labels, message) => {
    expect(() => offer(usb, undefined, labels)).toThrow(message);
  });
});
