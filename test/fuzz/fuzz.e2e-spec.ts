import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
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
const TEMPLATES = 20;
/** Started before each look, so that there is something to end. */
const FEW_VMS = 20;
const FEW_GROUPS = 5;
/** Nobody has to log in here, so nobody can. */
const OFF_HERE = /^\/tap\//;
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

/** A listener and the description of its routes. */
interface Door {
  readonly url: string;
  readonly document: Document;
}

/** Asks for nothing, again and again; tells how long the longest answer took, ms. */
function watchDoor(url: string): { end(): Promise<number> } {
  let [isOver, longestMs] = [false, 0];
  const watching = (async () => {
    for (; !isOver; await pause(PROBE_EVERY_MS)) {
      const begin = performance.now();
      await fetch(url).catch(() => undefined);
      longestMs = Math.max(longestMs, performance.now() - begin);
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await watching;
      return longestMs;
    },
  };
}

function together(parts: readonly Fuzzed[]): Fuzzed {
  const answers = new Map<string, number>();
  for (const part of parts) for (const [key, count] of part.answers) answers.set(key, count + (answers.get(key) ?? 0));
  const sent = parts.reduce((sum, part) => sum + part.sent, 0);
  return { sent, faults: parts.flatMap(({ faults }) => faults), answers };
}

describe(`requests of every kind to every route (FUZZ_SEED=${SEED})`, () => {
  let fleet: Fleet;
  let pid: number;
  let operations: readonly Operation[];
  let fuzzed: Fuzzed;
  let [warmMb, afterMb, longestProbeMs] = [0, 0, 0];

  /** Ids that there are. What the requests have taken away is put back first, so that later ones find something, too. */
  async function lookAround(): Promise<Known> {
    const ids = async (path: string, key: string): Promise<string[]> => {
      if (!operations.some((one) => one.method === 'GET' && one.path === path)) return [];
      const { envelope } = await fleet.anka.ask<readonly Record<string, string>[]>('GET', path);
      return (envelope.body ?? []).map((one) => one[key] ?? '').filter((id) => id !== '');
    };
    const running = await ids('/api/v1/vm', 'instance_id');
    if (running.length > MANY_VMS)
      await Promise.all(running.map((id) => fleet.anka.terminate(id).catch(() => undefined)));
    if ((await fleet.anka.nodes()).length < NODES / 2) await joinAnew();
    const missing = TEMPLATES - (await fleet.anka.templates()).length;
    await Promise.all(Array.from({ length: Math.max(0, missing) }, () => offerPretendedTemplate(fleet)));
    const groups = await ids('/api/v1/group', 'id');
    for (let n = groups.length; n < FEW_GROUPS; n++)
      await fleet.anka.ask('POST', '/api/v1/group', { name: `group ${Date.now()} ${n}` });
    const [vmid = ''] = await ids('/api/v1/registry/vm', 'id');
    await fleet.anka.start({ vmid, count: FEW_VMS });
    return {
      vm: await ids('/api/v1/vm', 'instance_id'),
      node: await ids('/api/v1/node', 'node_id'),
      template: await ids('/api/v1/registry/vm', 'id'),
      group: await ids('/api/v1/group', 'id'),
      distribution: await requestsOf('/api/v1/registry/vm/distribute'),
      image: await ids('/api/v1/image', 'id'),
      key: await ids('/api/v1/apikey', 'id'),
    };
  }

  async function requestsOf(path: string): Promise<string[]> {
    const { envelope } = await fleet.anka.ask<readonly { request: { request_id: string } }[]>('GET', path);
    return (envelope.body ?? []).map(({ request }) => request.request_id);
  }

  /** A node that was deleted joins again when its agent begins anew. */
  async function joinAnew(): Promise<void> {
    await fleet.member('node-agent').terminate();
    await fleet.member('node-agent').start();
    await until('The nodes are back', async () => (await fleet.anka.nodes()).length === NODES, CALM_LIMIT_MS);
  }

  /** The routes of one listener, as it describes them itself, under some of the requests. */
  async function assail(door: Door, seed: number, requests: number): Promise<Fuzzed> {
    const own = operationsOf(door.document);
    return fuzz({ ...door, operations: own, seed, requests, lookAround });
  }

  beforeAll(async () => {
    const macs = { ANKA_MANAGE_MAC_ADDRESSES: 'true', ANKA_MAC_ADDR_RANGE: '02:00:00:00:00:01-02:00:00:00:00:ff' };
    const keys = { ANKA_ENABLE_API_KEYS: 'true' };
    const env = {
      ...keys,
      ANKA_INSTANCE_TIME_OUT: '2s',
      MUSTER_NODE_CAPACITY: '10',
      MUSTER_LOG_LEVEL: 'warn',
      ...macs,
    };
    fleet = await Fleet.start({ driver: 'simulated', nodes: NODES, bootMs: 50, ephemeralDatabase: true, env });
    pid = fleet.member('api').pid;
    const described = async (name: string): Promise<Document> =>
      (await (await fetch(`${fleet.apiUrl}/openapi/${name}.json`)).json()) as Document;
    const controller = { url: fleet.apiUrl, document: await described('anka') };
    const registry = { url: fleet.registryUrl, document: await described('anka-registry') };
    operations = [controller, registry].flatMap(({ document }) => operationsOf(document));
    console.error(`FUZZ_SEED=${SEED}: ${REQUESTS} requests to ${operations.length} routes`);
    const probe = watchDoor(`${fleet.apiUrl}/livez`);
    const tenth = REQUESTS / 10;
    try {
      const parts = [await assail(controller, SEED, tenth)];
      warmMb = residentMb(pid);
      parts.push(await assail(registry, SEED + 1_000_000, tenth));
      parts.push(await assail(controller, SEED + 2_000_000, REQUESTS - 2 * tenth));
      afterMb = residentMb(pid);
      fuzzed = together(parts);
    } finally {
      longestProbeMs = await probe.end();
    }
    const figures = `memory ${warmMb.toFixed(0)} MB, then ${afterMb.toFixed(0)} MB`;
    console.error(`${figures}; slowest probe ${longestProbeMs.toFixed(0)} ms`);
  });
  afterAll(() => fleet?.close());

  it('are all sent', () => expect(fuzzed.sent).toBe(REQUESTS));

  it('get answers that clients can read: no fault of ours, no trace, no other form', () => {
    expect(fuzzed.faults).toEqual([]);
  });

  it('are partly understood: every route has done what it was asked for', () => {
    const never = operations.filter(
      ({ method, path }) => !OFF_HERE.test(path) && !fuzzed.answers.has(`${method} ${path} 200 OK`),
    );
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
