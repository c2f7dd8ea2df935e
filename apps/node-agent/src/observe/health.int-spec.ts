import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { SILENT } from '../agent/observer.js';
import { serveHealth } from './health.http.js';
import { gauged, measured } from './metrics.system.js';

const FIGURES = { vms: 5, running: 3, reportsWaiting: 7, bootsWaiting: 1, isReady: true };

describe('health and metrics of a node agent', () => {
  let server: Server;
  let reason: string | undefined;
  const registry = new Registry();

  beforeEach(async () => {
    registry.clear();
    server = await serveHealth({ host: '127.0.0.1', port: 0 }, registry, () => reason);
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const get = (path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers: { connection: 'close' } });

  it('is ready when nothing is missing, and says what is', async () => {
    reason = undefined;
    expect((await get('/readyz')).status).toBe(200);
    reason = 'NATS is away';
    const response = await get('/readyz');
    expect([response.status, await response.text()]).toEqual([503, 'NATS is away\n']);
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/elsewhere')).status).toBe(404);
  });

  it('counts steps, reports and faults, and sums over its nodes', async () => {
    const observer = measured(registry, SILENT);
    gauged(registry, () => [FIGURES, { ...FIGURES, isReady: false }]);
    const vm = { nodeId: 'n', vmId: 'v', epoch: 1 };
    observer.ended('start', vm, 'done', 1500);
    observer.told({ type: 'ReportVMTerminated', ...vm });
    observer.fault('do something', 'n', new Error('no'));
    const text = await (await get('/metrics')).text();
    for (const line of [
      'muster_agent_step_seconds_sum{step="start",end="done"} 1.5',
      'muster_agent_reports_total{type="ReportVMTerminated"} 1',
      'muster_agent_faults_total 1',
      'muster_agent_nodes 2',
      'muster_agent_nodes_ready 1',
      'muster_agent_vms_running 6',
      'muster_agent_reports_waiting 14',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('cannot listen where somebody else does', async () => {
    const { port } = server.address() as AddressInfo;
    await expect(serveHealth({ host: '127.0.0.1', port }, registry, () => undefined)).rejects.toThrow(/EADDRINUSE/);
  });
});
