import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Fleet } from '../support/fleet.js';
import { reaches } from '../support/instances.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { until } from '../support/until.js';
import { type Document, type Operation, operationsOf } from './document.js';
import { type Fuzzed, fuzz } from './fuzzing.js';
import type { Known } from './wire.js';

jest.setTimeout(600_000);

/** `FUZZ_SEED=7 npm run jest -- test/fuzz --selectProjects e2e` shows again what seed 7 showed. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 20_000);
const NODES = 30;
/** VMs beyond which those that there are are ended before the next requests. */
const MANY_VMS = 200;
/** What the API may hold more than after its first requests; a leak of 30 KB per request would show. */
const MAX_GROWTH_MB = 400;
/** How late a probe may be that asks for nothing: all else that the machine does is part of it. */
const MAX_PROBE_MS = 5_000;
const PROBE_EVERY_MS = 200;
const CALM_LIMIT_MS = 60_000;

const MEGABYTE_KB = 1024;
const residentMb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / MEGABYTE_KB;

describe(`requests of every kind to every route (FUZZ_SEED=${SEED})`, () => {
  let fleet: Fleet;
  let pid: number;
  let operations: readonly Operation[];
  let fuzzed: Fuzzed;
  let [warmMb, afterMb, longestProbeMs] = [0, 0, 0];

  const bodyOf = async <T>(path: string): Promise<readonly T[]> => {
    const { envelope } = await fleet.anka.ask<readonly T[]>('GET', path);
    return envelope.body ?? [];
  };

  /** Ids that there are. What the requests have taken away is put back first, so that later ones find something, too. */
  async function lookAround(): Promise<Known> {
    const running = await bodyOf<{ instance_id: string }>('/api/v1/vm');
    if (running.length > MANY_VMS)
      await Promise.all(running.map(({ instance_id }) => fleet.anka.terminate(instance_id).catch(() => undefined)));
    if ((await fleet.anka.templates()).length === 0) await offerPretendedTemplate(fleet);
    if ((await fleet.anka.nodes()).length < NODES / 2) await joinAnew();
    const ids = async (path: string, key: string): Promise<string[]> =>
      (await bodyOf<Record<string, string>>(path)).map((one) => one[key] ?? '');
    const hasGroups = operations.some(({ method, path }) => method === 'GET' && path === '/api/v1/group');
    return {
      vm: running.map(({ instance_id }) => instance_id),
      node: await ids('/api/v1/node', 'node_id'),
      template: await ids('/api/v1/registry/vm', 'id'),
      group: hasGroups ? await ids('/api/v1/group', 'id') : [],
    };
  }

  /** A node that was deleted joins again when its agent begins anew. */
  async function joinAnew(): Promise<void> {
    await fleet.member('node-agent').terminate();
    await fleet.member('node-agent').start();
    await until('The nodes are back', async () => (await fleet.anka.nodes()).length === NODES, CALM_LIMIT_MS);
  }

  beforeAll(async () => {
    const env = { ANKA_INSTANCE_TIME_OUT: '2s', MUSTER_NODE_CAPACITY: '10', MUSTER_LOG_LEVEL: 'warn' };
    fleet = await Fleet.start({ driver: 'simulated', nodes: NODES, bootMs: 50, ephemeralDatabase: true, env });
    pid = fleet.member('api').pid;
    const document = (await (await fetch(`${fleet.apiUrl}/openapi/anka.json`)).json()) as Document;
    operations = operationsOf(document);
    console.error(`FUZZ_SEED=${SEED}: ${REQUESTS} requests to ${operations.length} routes`);
    const common = { url: fleet.apiUrl, document, operations, lookAround };
    let isOver = false;
    const probing = (async () => {
      for (; !isOver; await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS))) {
        const begin = performance.now();
        await fetch(`${fleet.apiUrl}/livez`);
        longestProbeMs = Math.max(longestProbeMs, performance.now() - begin);
      }
    })();
    const warmUp = await fuzz({ ...common, seed: SEED, requests: REQUESTS / 10 });
    warmMb = residentMb(pid);
    const rest = await fuzz({ ...common, seed: SEED + 1_000_000, requests: REQUESTS - REQUESTS / 10 });
    afterMb = residentMb(pid);
    isOver = true;
    await probing;
    const answers = new Map(warmUp.answers);
    for (const [key, count] of rest.answers) answers.set(key, count + (answers.get(key) ?? 0));
    fuzzed = { sent: warmUp.sent + rest.sent, faults: [...warmUp.faults, ...rest.faults], answers };
    console.error(
      `memory ${warmMb.toFixed(0)} MB, then ${afterMb.toFixed(0)} MB; slowest probe ${longestProbeMs.toFixed(0)} ms`,
    );
  });
  afterAll(() => fleet?.close());

  it('are all sent', () => expect(fuzzed.sent).toBe(REQUESTS));

  it('get answers that clients can read: no fault of ours, no trace, no other form', () => {
    expect(fuzzed.faults).toEqual([]);
  });

  it('are partly understood: every route has done what it was asked for', () => {
    const never = operations.filter(({ method, path }) => !fuzzed.answers.has(`${method} ${path} 200 OK`));
    expect(never.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('leave every process alive', () => {
    expect(fleet.member('api').pid).toBe(pid);
    for (const name of ['api', 'scheduler', 'node-agent'] as const)
      expect([name, fleet.member(name).isRunning]).toEqual([name, true]);
  });

  it('leave its memory bounded and its doors open', () => {
    expect(afterMb - warmMb).toBeLessThan(MAX_GROWTH_MB);
    expect(longestProbeMs).toBeLessThan(MAX_PROBE_MS);
  });

  it('leave a cluster in which a VM starts and ends as ever', async () => {
    await joinAnew();
    const template = await offerPretendedTemplate(fleet);
    for (const { node_id } of await fleet.anka.nodes()) {
      const config = { node_id, drain_mode: false, capacity_mode: 'number', max_vm_count: 500 };
      expect((await fleet.anka.ask('POST', '/api/v1/node/config', config)).envelope.status).toBe('OK');
    }
    const [id = ''] = await fleet.anka.start({ vmid: template });
    await reaches(fleet.anka, id, 'Started', CALM_LIMIT_MS);
    await fleet.anka.terminate(id);
    const isGone = async (): Promise<boolean> =>
      (await fleet.anka.ask('GET', `/api/v1/vm?id=${id}`)).envelope.message === 'Not found';
    await until(`${id} is gone`, isGone, CALM_LIMIT_MS);
  });
});
