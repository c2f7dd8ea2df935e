import { resolveOptions } from './options.js';

describe('options of the QEMU driver', () => {
  it('bind forwarded ports to the loopback unless told otherwise', () => {
    expect(resolveOptions({ nodeDir: '/n' }, 'x64')).toMatchObject({
      hostIp: '127.0.0.1',
      firstPort: 10_000,
      arch: 'amd64',
    });
    expect(resolveOptions({ nodeDir: '/n' }, 'arm64').tools.qemu).toBe('qemu-system-aarch64');
  });

  it.each(['localhost', '::1', '1.2.3', '1.2.3.256', '1.2.3.4,restrict=off'])('take no address %j', (hostIp) => {
    expect(() => resolveOptions({ nodeDir: '/n', hostIp }, 'x64')).toThrow('must be an IPv4 address');
  });

  it('take no relative directory', () => {
    expect(() => resolveOptions({ nodeDir: 'n' }, 'x64')).toThrow('must be absolute');
  });
});
