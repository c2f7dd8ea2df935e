import { readDnsServers } from './dns-servers.js';

describe('DNS servers of webhooks', () => {
  it.each([
    ['10.0.0.53', ['10.0.0.53']],
    ['10.0.0.53:5353, 10.0.1.53', ['10.0.0.53:5353', '10.0.1.53']],
    ['fd00::53,[fd00::54],[fd00::55]:53', ['fd00::53', '[fd00::54]', '[fd00::55]:53']],
  ])('%s are read', (text, servers) => expect(readDnsServers(text)).toEqual(servers));

  it.each([
    '',
    'dns.example',
    '10.0.0.53,',
    '10.1',
    '10.0.0.53:0',
    '10.0.0.53:70000',
    '[10.0.0.53]',
    '[fd00::53',
    'fd00::zz',
  ])('"%s" are refused', (text) => expect(() => readDnsServers(text)).toThrow('Cannot read DNS server'));
});
