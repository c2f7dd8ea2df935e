import { readSettings, requireSettings } from './read-settings.js';

describe('readSettings()', () => {
  it('takes the default of what is not set or empty', () => {
    const settings = readSettings({ MUSTER_LOG_LEVEL: '' }, [
      'MUSTER_HOME',
      'MUSTER_LOG_LEVEL',
      'MUSTER_SIMULATED_BOOT',
    ]);
    expect(settings).toEqual({ MUSTER_HOME: '.muster', MUSTER_LOG_LEVEL: 'info', MUSTER_SIMULATED_BOOT: 2_000 });
  });

  it('leaves what has neither value nor default undefined', () => {
    expect(readSettings({}, ['MUSTER_NATS_URL'])).toEqual({ MUSTER_NATS_URL: undefined });
  });

  it('reads each kind as its own type', () => {
    const env = {
      MUSTER_LISTEN: '[::1]:80',
      MUSTER_NODE_CAPACITY: '3',
      MUSTER_SIMULATED_FAILURE_RATE: '0.25',
      MUSTER_DEMO_TEMPLATE: 'false',
      MUSTER_DRIVER: 'simulated',
      MUSTER_API_URL: 'https://api.example',
    };
    expect(readSettings(env, Object.keys(env) as (keyof typeof env)[])).toEqual({
      MUSTER_LISTEN: { host: '::1', port: 80 },
      MUSTER_NODE_CAPACITY: 3,
      MUSTER_SIMULATED_FAILURE_RATE: 0.25,
      MUSTER_DEMO_TEMPLATE: false,
      MUSTER_DRIVER: 'simulated',
      MUSTER_API_URL: 'https://api.example',
    });
  });

  it('listens on every interface when the address has only a port', () => {
    expect(readSettings({ MUSTER_LISTEN: ':8090' }, ['MUSTER_LISTEN']).MUSTER_LISTEN).toEqual({
      host: '0.0.0.0',
      port: 8090,
    });
  });

  it('takes an alias when the own name is not set, and the own name when both are', () => {
    const names = ['MUSTER_LISTEN'] as const;
    expect(readSettings({ ANKA_LISTEN_ADDR: ':80' }, names).MUSTER_LISTEN.port).toBe(80);
    expect(readSettings({ ANKA_LISTEN_ADDR: ':80', MUSTER_LISTEN: ':81' }, names).MUSTER_LISTEN.port).toBe(81);
  });

  it.each([
    ['MUSTER_LISTEN', '8090', 'Cannot read setting MUSTER_LISTEN: "8090" must be host:port or :port'],
    ['MUSTER_LISTEN', ':65536', 'host:port'],
    ['MUSTER_NODE_CAPACITY', '0', '"0" must be a whole number from 1 to 10000'],
    ['MUSTER_NODE_CAPACITY', '1.5', 'whole number'],
    ['MUSTER_SIMULATED_FAILURE_RATE', '2', '"2" must be a number from 0 to 1'],
    ['MUSTER_DEMO_TEMPLATE', 'yes', '"yes" must be true or false'],
    ['MUSTER_SIMULATED_BOOT', 'soon', '"soon" must be a duration'],
    ['MUSTER_DRIVER', 'xen', '"xen" must be one of qemu, simulated'],
    ['MUSTER_API_URL', 'ftp://x', 'must be a URL that starts with http:// or https://'],
  ] as const)('refuses %s=%s and says what it must be', (name, value, message) => {
    expect(() => readSettings({ [name]: value }, [name])).toThrow(message);
  });

  it('lists every problem in one error', () => {
    const env = { MUSTER_DRIVER: 'xen', MUSTER_DEMO_TEMPLATE: 'yes' };
    expect(() => readSettings(env, ['MUSTER_DRIVER', 'MUSTER_DEMO_TEMPLATE'])).toThrow(
      /MUSTER_DRIVER.*\n.*MUSTER_DEMO_TEMPLATE/,
    );
  });

  it.each(['MUSTER_DATABASE_URL', 'MUSTER_NATS_URL'] as const)('never prints the value of %s', (name) => {
    const attempt = (): unknown => readSettings({ [name]: 'mysql://user:sesame@host' }, [name]);
    expect(attempt).toThrow('(not shown)');
    expect(attempt).not.toThrow('sesame');
  });
});

describe('requireSettings()', () => {
  it('returns what is set', () => {
    expect(requireSettings({ MUSTER_NATS_URL: 'nats://a:4222' }, ['MUSTER_NATS_URL'])).toEqual({
      MUSTER_NATS_URL: 'nats://a:4222',
    });
  });

  it('names what is missing', () => {
    expect(() => requireSettings({}, ['MUSTER_NATS_URL', 'MUSTER_NODE_ID'])).toThrow(
      /MUSTER_NATS_URL is not set.*\n.*MUSTER_NODE_ID is not set/,
    );
  });
});
