import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { CloudEvent, Heartbeat } from '#events';
import { Random } from '../simulation/random.js';
import { archivedEvents } from '../support/database.js';
import { Fleet } from '../support/fleet.js';
import { replayOf } from '../support/replay-of.js';
import { contentOf } from '../support/stream.js';
import { offerPretendedTemplate } from '../support/templates.js';
import { until } from '../support/until.js';
import { ChaosClient } from './client.js';
import { Disorder } from './disorder.js';
import { Books } from './ledger.js';

jest.setTimeout(300_000);

const SEED = Number(process.env['MUSTER_CHAOS_SEED'] ?? 1);
const NODES = 20;
const VMS = 200;
const CLIENTS = 4;
/** The clients spread their requests over this time. */
const WORK_MS = 20_000;
/** Longer than any lease. */
const FREEZE_MS = 5_000;
/** Beyond it a client without an answer has been forgotten. */
const CLIENT_LIMIT_MS = 90_000;
const CALM_LIMIT_MS = 60_000;

describe(`200 VMs while processes are killed and frozen (seed ${SEED})`, () => {
  const random = new Random(SEED);
  let fleet: Fleet;
  let clients: ChaosClient[];
  let disorder: Disorder;
  let books: Books;
  const ended = (): string[] => clients.flatMap((client) => client.ended);

  beforeAll(async () => {
    // VMs that were terminated stay visible, so that the books can be compared with what is shown.
    const env = { ANKA_INSTANCE_TIME_OUT: '10m', MUSTER_NODE_CAPACITY: '16' };
    fleet = await Fleet.start({ driver: 'simulated', nodes: NODES, bootMs: 300, standBy: true, env });
    const template = await offerPretendedTemplate(fleet);
    disorder = new Disorder(fleet, random.fork());
    const limit = AbortSignal.timeout(CLIENT_LIMIT_MS);
    clients = Array.from({ length: CLIENTS }, (_, n) => {
      const plan = { name: `client-${SEED}-${n}`, template, vms: VMS / CLIENTS, endShare: 0.3, overMs: WORK_MS };
      return new ChaosClient(plan, fleet.anka, random.fork(), limit);
    });
  });
  afterAll(async () => {
    console.log(disorder.history.join('\n'));
    await fleet.close();
  });

  it('answers every request in the end', async () => {
    const enough = new AbortController();
    const work = Promise.all(clients.map((client) => client.run()));
    const chaos = (async () => {
      await disorder.rage(AbortSignal.timeout(WORK_MS / 2), [500, 2_000]);
      await until('There is a leader', () => disorder.leader(), CALM_LIMIT_MS);
      await disorder.freezeLeader(FREEZE_MS);
      await disorder.rage(enough.signal, [500, 2_000]);
    })();
    try {
      await work;
    } finally {
      enough.abort();
      await chaos;
    }
    expect(clients.flatMap(({ promised }) => promised.flatMap(({ ids }) => ids))).toHaveLength(VMS);
  });

  it('comes to rest: every VM runs or has ended', async () => {
    await fleet.ready();
    const gone = new Set(ended());
    const unsettled = async (): Promise<string[]> =>
      (await fleet.anka.instances())
        .filter(({ instance_id: id, vm: { instance_state: state } }) =>
          gone.has(id) ? state !== 'Terminated' : !['Started', 'Error'].includes(state),
        )
        .map(({ instance_id: id, vm }) => `${id} ${vm.instance_state}`);
    let last: string[] = [];
    const look = async (): Promise<boolean> => (last = await unsettled()).length === 0;
    await until('All VMs are at rest', look, CALM_LIMIT_MS, () => `Not yet: ${last.join(', ')}`);
    await pause(1_000); // reports that change nothing may still be on their way
    books = new Books(await contentOf<CloudEvent>(fleet, 'EVENTS'));
  });

  it('wrote a log that no law forbids: no VM seated twice, no node over its capacity', () => {
    expect(books.audit.breaches).toEqual([]);
  });

  it('kept every promise, once', () => {
    expect(
      books.promises(
        clients.flatMap(({ promised }) => promised),
        ended(),
      ),
    ).toEqual([]);
  });

  it('orphaned no VM', () => {
    expect([...books.cluster.vms.values()].some((vm) => vm.phase.name === 'running')).toBe(true);
    expect(books.orphans(ended(), disorder.agentDeaths)).toEqual([]);
  });

  it('shows what the log says', async () => {
    expect(books.projection(await fleet.anka.instances())).toEqual([]);
    const logged = (await contentOf<CloudEvent>(fleet, 'EVENTS')).map(({ body, sequence }) => [body.id, sequence]);
    const archived = async (): Promise<boolean> => (await archivedEvents(fleet)).length >= logged.length;
    await until('The archive is complete', archived, CALM_LIMIT_MS);
    expect((await archivedEvents(fleet)).slice(0, logged.length)).toEqual(logged);
  });

  it('runs on each host exactly what has a seat there', async () => {
    const hosted = new Map<string, number>();
    const connection = await fleet.nats();
    connection.subscribe('muster.hb.*', {
      callback: (_, message) => {
        const beat = message.json<Heartbeat>();
        hosted.set(beat.nodeId, beat.vmCount);
      },
    });
    await until('Every node was heard', () => hosted.size === NODES, CALM_LIMIT_MS);
    expect(books.hosts(hosted)).toEqual([]);
  });

  it('would write the same log again', async () => {
    const { events, differences } = await replayOf(fleet);
    expect(events).toBeGreaterThan(VMS * 3);
    expect(differences).toEqual([]);
  });

  it('really was in disorder', () => {
    expect(
      clients.reduce((sum, { promised }) => sum + promised.reduce((own, { failures }) => own + failures, 0), 0),
    ).toBeGreaterThan(0);
    expect(disorder.history.length).toBeGreaterThan(5);
  });
});
