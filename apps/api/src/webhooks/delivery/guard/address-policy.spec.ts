import { AddressPolicy } from './address-policy.js';

const policy = new AddressPolicy();

describe('an address is refused', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'link-local'],
    ['100.64.0.1', 'CGNAT'],
    ['100.127.255.255', 'CGNAT'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['198.18.0.1', 'benchmarks'],
    ['198.19.255.255', 'benchmarks'],
    ['192.0.2.1', 'documentation'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['192.0.0.8', 'protocols'],
    ['192.88.99.1', 'protocols'],
    ['240.0.0.1', 'reserved'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['::ffff:127.0.0.1', 'IPv4 in IPv6'],
    ['::ffff:8.8.8.8', 'IPv4 in IPv6'],
    ['::ffff:7f00:1', 'IPv4 in IPv6'],
    ['::127.0.0.1', 'IPv4 in IPv6'],
    ['::7f00:1', 'IPv4 in IPv6'],
    ['::ffff:0:7f00:1', 'IPv4 in IPv6'],
    ['64:ff9b::7f00:1', 'NAT64'],
    ['64:ff9b::127.0.0.1', 'NAT64'],
    ['64:ff9b:1::a00:1', 'NAT64'],
    ['2002:7f00:1::', '6to4'],
    ['2001::1', 'Teredo'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'Teredo'],
    ['2001:2::1', 'benchmarks'],
    ['2001:db8::1', 'documentation'],
    ['3fff::1', 'documentation'],
    ['2001:10::1', 'protocols'],
    ['fc00::1', 'unique local'],
    ['fd12:3456::1', 'unique local'],
    ['fe80::1', 'link-local'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['100::1', 'not global unicast'],
    ['5f00::1', 'not global unicast'],
    ['4000::1', 'not global unicast'],
    ['fe80::1%eth0', 'no IP address'],
    ['2606:4700::1111%1', 'no IP address'],
    ['2130706433', 'no IP address'],
    ['0x7f.1', 'no IP address'],
    ['0177.0.0.1', 'no IP address'],
    ['127.1', 'no IP address'],
    ['8.8.8.8 ', 'no IP address'],
    ['example.com', 'no IP address'],
    ['', 'no IP address'],
  ])('when it is %s: %s', (address, why) => expect(policy.refusal(address)).toContain(why));
});

describe('an address is taken', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00::1',
  ])('when it is %s', (address) => expect(policy.refusal(address)).toBeUndefined());

  it('when it is in a network of the operator, and only there', () => {
    const onPrem = new AddressPolicy(['10.1.0.0/16', 'fd00:1::/32', '127.0.0.1/32']);
    expect(onPrem.refusal('10.1.2.3')).toBeUndefined();
    expect(onPrem.refusal('127.0.0.1')).toBeUndefined();
    expect(onPrem.refusal('fd00:1::5')).toBeUndefined();
    expect(onPrem.refusal('10.2.0.1')).toContain('private');
    expect(onPrem.refusal('fd00:2::5')).toContain('unique local');
  });

  it('by a network of its own family alone: 10.1.2.3 in IPv6 is another address', () => {
    const onPrem = new AddressPolicy(['10.0.0.0/8', '0.0.0.0/0']);
    expect(onPrem.refusal('::ffff:10.1.2.3')).toContain('IPv4 in IPv6');
    expect(onPrem.refusal('64:ff9b::10.1.2.3')).toContain('NAT64');
  });
});

it.each(['10.0.0.1', '10.0.0.0/33', '10/8', 'localhost/8', '', 'fe80::%1/10', '10.0.0.0/8/8', '0x0a.0.0.0/8'])(
  '"%s" is no network of an operator',
  (text) => expect(() => new AddressPolicy([text])).toThrow('Cannot read network'),
);
