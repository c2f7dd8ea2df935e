import { describe, expect, it } from '@jest/globals';
import { environmentOf } from './environment.js';
import { readLaunchSettings } from './settings.js';

const env = {
  PATH: '/bin',
  SOMETHING_ELSE: 'stays out',
  MUSTER_DATABASE_URL: 'postgresql://me:secret@db/muster',
  MUSTER_LISTEN: '127.0.0.1:0',
  MUSTER_DRIVER: 'simulated',
  MUSTER_SIMULATED_NODES: '3',
  ANKA_NODE_ACTIVE_TIMEOUT: '1m',
  ANKA_ALLOW_CORS: 'true',
  ANKA_CONFIG: '/etc/anka.ini',
};
const around = {
  natsUrl: 'nats://controller:all@127.0.0.1:4333',
  agentNatsUrl: 'nats://agent:little@127.0.0.1:4333',
  databaseUrl: 'postgresql://me:secret@db/muster',
  blobDir: '/data/blobs',
  nodeToken: 'token of the nodes',
  nodeDir: '/data/node',
  driver: 'simulated',
  registryListen: { host: '::1', port: 8123 },
} as const;

async function environments() {
  const settings = await readLaunchSettings(env, '/clone');
  const of = (app: 'api' | 'scheduler' | 'node-agent') => environmentOf(app, env, settings, around);
  return { settings, api: of('api'), scheduler: of('scheduler'), agent: of('node-agent') };
}

describe('the environment of an app', () => {
  it('gives the password of the database to the API and to nobody else', async () => {
    const { api, scheduler, agent } = await environments();
    expect(api['MUSTER_DATABASE_URL']).toBe(around.databaseUrl);
    expect(JSON.stringify([scheduler, agent])).not.toContain('secret');
  });

  it('gives the node agent a password of NATS that opens less than that of the others', async () => {
    const { api, scheduler, agent } = await environments();
    expect([api, scheduler].map((one) => one['MUSTER_NATS_URL'])).toEqual([around.natsUrl, around.natsUrl]);
    expect(agent['MUSTER_NATS_URL']).toBe(around.agentNatsUrl);
    expect(JSON.stringify(agent)).not.toContain('controller:all');
  });

  it('gives the token of the node agents to them and to the API, and to nobody else', async () => {
    const { api, scheduler, agent } = await environments();
    for (const one of [api, agent]) expect(one['MUSTER_NODE_TOKEN']).toBe('token of the nodes');
    expect(JSON.stringify(scheduler)).not.toContain('token of the nodes');
  });

  it('tells the API the very port that the others were told, not port 0', async () => {
    const { settings, api, agent } = await environments();
    expect(api['MUSTER_LISTEN']).toBe(`127.0.0.1:${settings.listen.port}`);
    expect(api['MUSTER_REGISTRY_LISTEN']).toBe('[::1]:8123');
    expect(agent['MUSTER_API_URL']).toBe(settings.apiUrl);
    expect(api['MUSTER_BLOB_DIR']).toBe('/data/blobs');
  });

  it('tells the agent the driver that was found, with its own settings and folder', async () => {
    const { agent, scheduler } = await environments();
    expect(agent).toMatchObject({
      MUSTER_DRIVER: 'simulated',
      MUSTER_NODE_DIR: '/data/node',
      MUSTER_SIMULATED_NODES: '3',
    });
    expect(scheduler).not.toHaveProperty('MUSTER_SIMULATED_NODES');
  });

  it('hands on the surroundings and its own settings, and nothing else', async () => {
    const { scheduler } = await environments();
    expect(scheduler).toEqual({
      PATH: '/bin',
      ANKA_NODE_ACTIVE_TIMEOUT: '1m',
      MUSTER_HOME: '/clone/.muster',
      MUSTER_NATS_URL: around.natsUrl,
    });
  });
});
