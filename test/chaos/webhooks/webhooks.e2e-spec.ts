import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { CloudEvent } from '#events';
import { freePort } from '../../../tools/services/ports.js';
import { Random } from '../../simulation/random.js';
import { Fleet } from '../../support/fleet.js';
import { contentOf, lastSequenceOf, type Stored } from '../../support/stream.js';
import { offerPretendedTemplate } from '../../support/templates.js';
import { until } from '../../support/until.js';
import type { Account } from './arrivals.js';
import { Attacks } from './attacks.js';
import { RebindingName } from './rebinding-name.contract.js';
import { Receiver } from './receiver.js';
import type { Temper } from './trouble.js';
import { VmLoad } from './vm-load.js';
import { disagreements, dueTo, type Judged } from './webhook-books.js';

/** `MUSTER_CHAOS_EVENTS=100000 MUSTER_CHAOS_SEED=1` make it the large run. */
const EVENTS = Number(process.env['MUSTER_CHAOS_EVENTS'] ?? 3_000);
const SEED = Number(process.env['MUSTER_CHAOS_SEED'] ?? 1);
const NODES = 20;
const WAVE_VMS = Math.min(300, Math.ceil(EVENTS / 12));
/** When there are events enough, and not yet attacks. */
const FEW_VMS = 10;
const LIFE_MS = 1_500;
/** So much of the run the endpoint that is down stays down. */
const DOWN_SHARE = 0.5;
const DELIVERED_LIMIT_MS = 90_000 + EVENTS * 15;

jest.setTimeout(DELIVERED_LIMIT_MS + 300_000);

/** Hours are made seconds; nothing is given up while the run lasts. */
const SETTINGS = {
  MUSTER_WEBHOOK_ALLOW_HTTP: 'true',
  MUSTER_WEBHOOK_ALLOW_CIDRS: RebindingName.ALLOWED,
  MUSTER_WEBHOOK_PORTS: '1-65535',
  MUSTER_WEBHOOK_RETRY_SCHEDULE: ['100ms', '300ms', ...Array.from({ length: 48 }, () => '3s')].join(','),
  MUSTER_WEBHOOK_DISABLE_AFTER: '0',
  MUSTER_NODE_CAPACITY: '64',
  ANKA_INSTANCE_TIME_OUT: '1s',
};

const RESTLESS: Temper = {
  ...{ fail: 0.02, 'cut-request': 0.01, 'cut-before-answer': 0.01, 'cut-answer': 0.01 },
  ...{ huge: 0.002, slow: 0.002, redirect: 0.005, throttle: 0.002, skew: 0.02 },
};

interface Wanted {
  readonly name: string;
  readonly temper: Temper;
  readonly ordered?: boolean;
  readonly batchSize?: number;
  readonly format?: 'anka';
}

const ENDPOINTS: readonly Wanted[] = [
  { name: 'well', temper: {} },
  { name: 'restless', temper: RESTLESS },
  { name: 'strict', temper: RESTLESS, ordered: true, batchSize: 50 },
  { name: 'strict-single', temper: { fail: 0.005, 'cut-before-answer': 0.005 }, ordered: true },
  { name: 'batched', temper: RESTLESS, batchSize: 20 },
  { name: 'slow', temper: { slow: 0.02 } },
  { name: 'legacy', temper: { fail: 0.01 }, format: 'anka', ordered: true },
  { name: 'down', temper: {}, ordered: true, batchSize: 100 },
  // A new connection each time: the name is looked up anew.
  { name: 'rebound', temper: { fail: 0.01, 'cut-answer': 1 }, ordered: true, batchSize: 20 },
];

describe(`${EVENTS} events for ${ENDPOINTS.length} endpoints in trouble (seed ${SEED})`, () => {
  const random = new Random(SEED);
  let fleet: Fleet;
  let receiver: Receiver;
  let attacks: Attacks;
  let load: VmLoad;
  let downPort: number;
  let rebound: RebindingName;
  let log: Stored<CloudEvent>[];
  let accounts: readonly Account[];
  const judged: Judged[] = [];

  beforeAll(async () => {
    rebound = await RebindingName.start();
    const env = { ...SETTINGS, MUSTER_WEBHOOK_DNS_SERVERS: rebound.server };
    fleet = await Fleet.start({ driver: 'simulated', nodes: NODES, bootMs: 20, standBy: true, env });
    await fleet.add('second-api');
    receiver = await Receiver.start();
    await rebound.listen(Number(new URL(receiver.url).port));
    downPort = await freePort();
    attacks = new Attacks(fleet, random.fork());
    load = await VmLoad.of(fleet, await offerPretendedTemplate(fleet), `load-${SEED}`);
    for (const wanted of ENDPOINTS) judged.push(await create(wanted));
  });
  afterAll(async () => {
    console.log([...(attacks?.history ?? []), ...(accounts ?? []).map(summary)].join('\n'));
    await load?.close();
    await rebound?.stop();
    await receiver?.stop();
    await fleet?.close();
  });

  /** Makes the endpoint on both sides. */
  async function create({ name, temper, ordered = false, batchSize, format }: Wanted): Promise<Judged> {
    const url = urlOf(name);
    const body = { name, url, ordered, ...(batchSize && { batchSize }), ...(format && { format }) };
    const answer = await fetch(`${fleet.apiUrl}/api/v2/webhooks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`POST webhooks answered ${answer.status}: ${await answer.text()}`);
    const { secret } = (await answer.json()) as { secret: string };
    await receiver.add({ name, temper, secret, seed: random.between(1, 1e9) });
    const createdAt = await createdAtOf(name);
    return { name, ordered, isOurs: format === undefined, createdAt };
  }

  function urlOf(name: string): string {
    const url = new URL(`${receiver.url}/${name}`);
    if (name === 'down') url.port = String(downPort);
    if (name === 'rebound') url.hostname = rebound.name;
    return url.href;
  }

  /** Where in the log the endpoint was made. */
  async function createdAtOf(name: string): Promise<number> {
    const events = await contentOf<CloudEvent>(fleet, 'EVENTS');
    const made = events.find(({ body }) => body.type === 'muster.webhook.CreateWebhook' && body.data['name'] === name);
    if (made === undefined) throw new Error(`The log does not say that ${name} was created`);
    return made.sequence;
  }

  /** Last sequence of the log; what it was before, while NATS is away. */
  const reached = (before: number): Promise<number> => lastSequenceOf(fleet, 'EVENTS').catch(() => before);

  it('goes on to write its log while everything else is killed, frozen and cut off', async () => {
    const enough = new AbortController();
    const first = await lastSequenceOf(fleet, 'EVENTS');
    const attack = Promise.all([
      attacks.go(enough.signal, [1_000, 4_000]),
      rebound.rebind(enough.signal, random.fork()),
    ]);
    let isOpen = false;
    try {
      for (let last = first; last < first + EVENTS || !attacks.isRoundDone; last = await reached(last)) {
        if (!isOpen && last > first + EVENTS * DOWN_SHARE) {
          isOpen = true;
          await receiver.open(downPort);
        }
        await load.wave(last < first + EVENTS ? WAVE_VMS : FEW_VMS, LIFE_MS);
      }
    } finally {
      if (!isOpen) await receiver.open(downPort);
      enough.abort();
      await attack;
    }
    await attacks.restartDatabase();
  });

  it('has delivered everything in the end', async () => {
    await fleet.ready();
    await restful();
    log = await contentOf<CloudEvent>(fleet, 'EVENTS');
    let counts: Readonly<Record<string, number>> = {};
    const left = (): string[] =>
      judged.flatMap((one) => {
        const missing = dueTo(one, log).length - (counts[one.name] ?? 0);
        return missing > 0 ? [`${one.name} ${missing}`] : [];
      });
    const look = async (): Promise<boolean> => {
      counts = await receiver.counts();
      return left().length === 0;
    };
    await until('Everything is delivered', look, DELIVERED_LIMIT_MS, () => `Not yet: ${left().join(', ')}`);
    accounts = await receiver.accounts();
  });

  /** No event has come for a while: what was started has ended and is forgotten. */
  async function restful(): Promise<void> {
    let last = -1;
    const same = async (): Promise<boolean> => {
      const before = last;
      last = await reached(last);
      await pause(2_500);
      return last === before;
    };
    await until('The log is at rest', same, 120_000);
  }

  it.each(ENDPOINTS.map(({ name }) => name))('lost nothing for %s, and kept the order where it must', (name) => {
    const [one, account] = [judged.find((found) => found.name === name), accounts.find((a) => a.endpoint === name)];
    if (one === undefined || account === undefined) throw new Error(`There are no books of ${name}`);
    expect(disagreements(one, account, log)).toEqual([]);
  });

  it('never went where a name pointed that may not be gone to', () => {
    expect(rebound.told).toBeGreaterThan(0);
    expect(rebound.connections).toBe(0);
  });

  it('really was in trouble', () => {
    expect(attacks.isRoundDone).toBe(true);
    const made = accounts.flatMap(({ troubles }) => Object.keys(troubles));
    expect(new Set(made).size).toBeGreaterThan(4);
    expect(log.length).toBeGreaterThanOrEqual(EVENTS);
  });
});

function summary({ endpoint, taken, duplicates, troubles }: Account): string {
  return `${endpoint}: ${taken.length} taken, ${duplicates} came again; ${JSON.stringify(troubles)}`;
}
