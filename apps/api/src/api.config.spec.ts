import { readApiConfig } from './api.config.js';

const NEEDED = { MUSTER_NATS_URL: 'nats://n:4222', MUSTER_DATABASE_URL: 'postgres://u:secret@h/db' };

describe('the settings of the API', () => {
  test('have defaults for all but NATS and Postgres', () => {
    const config = readApiConfig(NEEDED);
    expect(config).toMatchObject({
      listen: { host: '127.0.0.1', port: 8090 },
      blobDir: '.muster/blobs',
      graceMs: 10_000,
    });
    expect(config.metrics).toBeUndefined();
    expect(() => readApiConfig({})).toThrow(/MUSTER_NATS_URL is not set[^]*MUSTER_DATABASE_URL is not set/);
  });

  test('are known by the names of Anka Build Cloud, too', () => {
    const env = {
      ...NEEDED,
      ANKA_LISTEN_ADDR: ':80',
      ANKA_ENABLE_METRICS: 'true',
      ANKA_METRICS_PORT: '2113',
      ANKA_GRACEFUL_SHUTDOWN_TIMEOUT: '3s',
      ANKA_LICENSE: 'x',
    };
    expect(readApiConfig(env)).toMatchObject({
      listen: { host: '0.0.0.0', port: 80 },
      metrics: { port: 2113, path: '/metrics' },
      graceMs: 3000,
      ignoredSettings: ['ANKA_LICENSE'],
    });
  });

  test('that are misspelt or unreadable stop the start, without telling secrets', () => {
    expect(() => readApiConfig({ ...NEEDED, MUSTER_LISTN: ':80' })).toThrow('the nearest is MUSTER_LISTEN');
    const unreadable = { ...NEEDED, MUSTER_DATABASE_URL: 'mysql://u:secret@h/db' };
    expect(() => readApiConfig(unreadable)).toThrow('MUSTER_DATABASE_URL');
    expect(() => readApiConfig(unreadable)).not.toThrow('secret');
  });
});
