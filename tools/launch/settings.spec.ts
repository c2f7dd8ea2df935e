import { describe, expect, it } from '@jest/globals';
import { localUrl, readLaunchSettings } from './settings.js';

describe('the settings of a start', () => {
  it('have the documented defaults, with the data in the clone', async () => {
    expect(await readLaunchSettings({}, '/clone')).toEqual({
      home: '/clone/.muster',
      listen: { host: '127.0.0.1', port: 8090 },
      apiUrl: 'http://127.0.0.1:8090',
      registryListen: { host: '127.0.0.1', port: 8089 },
      registryIsDemanded: false,
      natsUrl: undefined,
      natsPort: 4222,
      databaseUrl: undefined,
      driver: 'qemu',
      driverIsDemanded: false,
      demoTemplate: true,
      graceMs: 10_000,
      ignoredNames: [],
    });
  });

  it('know a driver that is demanded from one that is only the default', async () => {
    const settings = await readLaunchSettings({ MUSTER_DRIVER: 'qemu' }, '/clone');
    expect(settings).toMatchObject({ driver: 'qemu', driverIsDemanded: true });
  });

  it('replace port 0 by a free port, since others must be told the URL', async () => {
    const settings = await readLaunchSettings({ MUSTER_LISTEN: '127.0.0.1:0' }, '/clone');
    expect(settings.listen.port).toBeGreaterThan(0);
    expect(settings.apiUrl).toBe(`http://127.0.0.1:${settings.listen.port}`);
  });

  it('serve the registry at a free port when asked for port 0, and nowhere when told not to', async () => {
    const free = await readLaunchSettings({ ANKA_REGISTRY_LISTEN_ADDRESS: ':0' }, '/clone');
    expect(free.registryListen?.port).toBeGreaterThan(0);
    expect(free.registryIsDemanded).toBe(true);
    expect((await readLaunchSettings({ ANKA_RUN_REGISTRY: 'false' }, '/clone')).registryListen).toBeUndefined();
  });

  it('speak TLS with an API that does, by the name that its certificate has', async () => {
    const tls = { ANKA_USE_HTTPS: 'true', MUSTER_LISTEN: ':8443' };
    expect((await readLaunchSettings(tls, '/clone')).apiUrl).toBe('https://127.0.0.1:8443');
    const named = { ...tls, MUSTER_API_URL: 'https://ctl.example:8443/' };
    expect((await readLaunchSettings(named, '/clone')).apiUrl).toBe('https://ctl.example:8443');
  });

  it('refuse a misspelt name and name the nearest one', async () => {
    await expect(readLaunchSettings({ MUSTER_LISTENS: '1' }, '/clone')).rejects.toThrow(
      /MUSTER_LISTENS.*MUSTER_LISTEN/,
    );
  });

  it('refuse several simulated nodes with a real driver, which can only be one', async () => {
    await expect(readLaunchSettings({ MUSTER_SIMULATED_NODES: '5' }, '/clone')).rejects.toThrow(
      /MUSTER_DRIVER=simulated/,
    );
    const settings = await readLaunchSettings({ MUSTER_SIMULATED_NODES: '5', MUSTER_DRIVER: 'simulated' }, '/clone');
    expect(settings.driver).toBe('simulated');
  });

  it('refuse a value that cannot be read', async () => {
    await expect(readLaunchSettings({ MUSTER_NATS_PORT: 'many' }, '/clone')).rejects.toThrow(/MUSTER_NATS_PORT/);
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:80'],
    ['::', 'http://127.0.0.1:80'],
    ['::1', 'http://[::1]:80'],
    ['10.1.2.3', 'http://10.1.2.3:80'],
  ])('reach a server that listens on %s at %s', (host, url) => {
    expect(localUrl({ host, port: 80 })).toBe(url);
  });
});
