import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { AGENT_VERSION, agentConfig, apiAccess } from './agent.config.js';

const ENV = { MUSTER_NATS_URL: 'nats://127.0.0.1:4222' };

describe('the configuration of a node agent', () => {
  it('needs to know where NATS is, and nothing else', () => {
    const config = agentConfig({ ...ENV, MUSTER_HOME: '/var/lib/muster' });
    expect(config).toMatchObject({
      natsUrl: 'nats://127.0.0.1:4222',
      nodeDir: '/var/lib/muster/node',
      host: '127.0.0.1',
      driver: 'qemu',
      listen: undefined,
      nodeId: undefined,
      capacity: undefined,
    });
    expect(() => agentConfig({})).toThrow(/MUSTER_NATS_URL/);
  });

  it('plays many nodes only with simulated ones', () => {
    const many = { ...ENV, MUSTER_SIMULATED_NODES: '50' };
    expect(agentConfig({ ...many, MUSTER_DRIVER: 'simulated' }).simulated.nodes).toBe(50);
    expect(() => agentConfig(many)).toThrow(/MUSTER_SIMULATED_NODES is 50: must be 1/);
  });

  it('keeps the credentials of the API apart from its address', () => {
    expect(apiAccess('https://root:s%3Acret@api.example/muster/')).toEqual({
      apiUrl: 'https://api.example/muster',
      authorization: `Basic ${Buffer.from('root:s:cret').toString('base64')}`,
    });
    expect(apiAccess('http://127.0.0.1:8090')).toEqual({ apiUrl: 'http://127.0.0.1:8090' });
    const shared = `Basic ${Buffer.from('node:shared by all').toString('base64')}`;
    expect(apiAccess('http://127.0.0.1:8090', 'shared by all').authorization).toBe(shared);
    expect(apiAccess('http://root:own@api:1', 'shared by all').authorization).not.toBe(shared);
  });

  it('says the version of the product', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    expect(AGENT_VERSION).toBe(version);
  });
});
