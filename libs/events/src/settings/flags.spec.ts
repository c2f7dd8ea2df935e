import { readFlags } from './flags.js';

describe('flags', () => {
  it('are settings in other letters, with a value behind them, after a sign, or none', () => {
    expect(
      readFlags(['--listen-addr', ':80', '--allow-cors', '--muster-home=/data', '--node-active-timeout', '30s']),
    ).toEqual({
      ANKA_LISTEN_ADDR: ':80',
      ANKA_ALLOW_CORS: 'true',
      MUSTER_HOME: '/data',
      ANKA_NODE_ACTIVE_TIMEOUT: '30s',
    });
  });

  it('may be settings that change nothing here', () => {
    expect(readFlags(['--standalone', '--etcd-endpoints', 'http://etcd:2379'])).toEqual({
      ANKA_STANDALONE: 'true',
      ANKA_ETCD_ENDPOINTS: 'http://etcd:2379',
    });
  });

  it.each([
    [['--listn-addr', ':80'], 'There is no setting for --listn-addr; the nearest is ANKA_LISTEN_ADDR'],
    [['run'], 'Cannot read the command line: "run" is no flag'],
    [['-v'], 'Cannot read the command line: "-v" is no flag'],
    [
      ['--muster-database-url', 'postgres://me:pw@db'],
      '--muster-database-url is a secret, and command lines can be read by all',
    ],
  ])('%j are refused', (words, message) => expect(() => readFlags(words)).toThrow(message));

  it('are refused without a word of what a secret was', () => {
    expect(() => readFlags(['--muster-database-url=postgres://me:pw@db'])).toThrow(/^[^@]*$/);
  });
});
