import { addressIn, readPorts, UrlPolicy } from './url-policy.js';

const ports = readPorts('443,8443');
const policy = new UrlPolicy({ allowCidrs: [], ports, allowHttp: false });
const withHttp = new UrlPolicy({ allowCidrs: [], ports: readPorts('80,443'), allowHttp: true });

describe('a URL is refused', () => {
  it.each([
    ['http://example.com/', 'must begin with https://'],
    ['ftp://example.com/', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['gopher://example.com/', 'must begin with https://'],
    ['//example.com/', 'no URL'],
    ['https://', 'no URL'],
    ['https://user@example.com/', 'user or a password'],
    ['https://user:secret@example.com/', 'user or a password'],
    ['https://:secret@example.com/', 'user or a password'],
    ['https://:@example.com/', 'user or a password'],
    ['https://@example.com/', 'user or a password'],
    ['https:\\\\@example.com/', 'user or a password'],
    ['https://example.com:22/', 'port 22'],
    ['https://example.com:80/', 'port 80'],
    ['https://example.com:6379/', 'port 6379'],
    ['https://example.com:0/', 'port 0'],
    ['https://example.com:99999/', 'no URL'],
    ['https://127.0.0.1/', 'loopback'],
    ['https://2130706433/', 'loopback'],
    ['https://0x7f000001/', 'loopback'],
    ['https://017700000001/', 'loopback'],
    ['https://0x7f.1/', 'loopback'],
    ['https://127.1/', 'loopback'],
    ['https://0177.0.0.1/', 'loopback'],
    ['https://127.0.0.1./', 'loopback'],
    ['https://①②⑦.⓪.⓪.①/', 'loopback'],
    ['https://%31%32%37.0.0.1/', 'loopback'],
    ['https://0/', 'unspecified'],
    ['https://169.254.169.254/latest/meta-data/', 'link-local'],
    ['https://[::1]/', 'loopback'],
    ['https://[::ffff:127.0.0.1]/', 'IPv4 in IPv6'],
    ['https://[::127.0.0.1]/', 'IPv4 in IPv6'],
    ['https://[64:ff9b::7f00:1]/', 'NAT64'],
    ['https://[fe80::1%25eth0]/', 'no URL'],
    [`https://example.com/${'x'.repeat(2048)}`, 'longer than'],
  ])('when it is %s: %s', (url, why) => expect(policy.refusal(url)).toContain(why));

  it('when it is plain HTTP on a port that is for nothing else', () => {
    expect(withHttp.refusal('http://example.com/')).toBeUndefined();
    expect(withHttp.refusal('http://example.com:8080/')).toContain('port 8080');
    expect(withHttp.refusal('ws://example.com/')).toContain('https:// or http://');
  });
});

it.each([
  'https://example.com/',
  'https://example.com:8443/a?b=c@d',
  'https://example.com/@team',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
])('a URL such as %s is taken', (url) => expect(policy.refusal(url)).toBeUndefined());

it('an address of the operator’s networks is taken in a URL, too', () => {
  const onPrem = new UrlPolicy({ allowCidrs: ['10.0.0.0/8'], ports, allowHttp: false });
  expect(onPrem.refusal('https://10.1.2.3/')).toBeUndefined();
  expect(onPrem.refusal('https://192.168.1.1/')).toContain('private');
});

it('only an address is taken for one', () => {
  expect(addressIn(new URL('https://1.2.3.4.example.com/'))).toBeUndefined();
  expect(addressIn(new URL('https://deadbeef/'))).toBeUndefined();
  expect(addressIn(new URL('https://[::1]/'))).toBe('::1');
});

it('ports are numbers and ranges', () => {
  expect(readPorts('443, 9000-9010')).toEqual([
    { from: 443, to: 443 },
    { from: 9000, to: 9010 },
  ]);
  for (const text of ['', '0', '65536', '443,', '10-1', 'https', '-1', '1-2-3'])
    expect(() => readPorts(text)).toThrow('Cannot read ports');
});
