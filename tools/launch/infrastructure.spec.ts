import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../services/ports.js';
import { chooseRegistryListen } from './infrastructure.js';
import { Progress } from './progress.js';
import { readLaunchSettings } from './settings.js';

const host = '127.0.0.1';
let holder: Server | undefined;
afterEach(() => void holder?.close());

async function taken(): Promise<number> {
  holder = createServer().listen(0, host);
  await once(holder, 'listening');
  return (holder.address() as { port: number }).port;
}

async function choose(changes: { port: number; demanded?: boolean; mainPort?: number }) {
  const lines: string[] = [];
  const settings = {
    ...(await readLaunchSettings({}, '/clone')),
    ...(changes.mainPort !== undefined && { listen: { host, port: changes.mainPort } }),
    registryListen: { host, port: changes.port },
    registryIsDemanded: changes.demanded ?? false,
  };
  return { chosen: await chooseRegistryListen(settings, new Progress((line) => lines.push(line))), lines };
}

describe('the port of the registry', () => {
  it('is the one of the settings when it is free', async () => {
    const port = await freePort();
    expect(await choose({ port })).toEqual({ chosen: { host, port }, lines: [] });
  });

  it('is another one, and says so, when somebody has the default', async () => {
    const port = await taken();
    const { chosen, lines } = await choose({ port });
    expect(chosen?.port).not.toBe(port);
    expect(lines[0]).toMatch(new RegExp(`Port ${port} .*\\(pid ${process.pid}.*port ${chosen?.port} instead`));
    expect(lines[1]).toContain('MUSTER_REGISTRY_LISTEN');
  });

  it('is another one when the API has it', async () => {
    const port = await freePort();
    const { chosen, lines } = await choose({ port, mainPort: port });
    expect(chosen?.port).not.toBe(port);
    expect(lines[0]).toContain('is taken by the API itself');
  });

  it('must be free when it was demanded', async () => {
    const port = await taken();
    await expect(choose({ port, demanded: true })).rejects.toThrow(/choose another port with MUSTER_REGISTRY_LISTEN/);
  });

  it('is none when the registry is not to run', async () => {
    const settings = await readLaunchSettings({ ANKA_RUN_REGISTRY: 'false' }, '/clone');
    expect(await chooseRegistryListen(settings, new Progress(() => undefined))).toBeUndefined();
  });
});
