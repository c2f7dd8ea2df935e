import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { RecordedEvent } from '#domain';
import { type EventAppender, systemClock } from '#events';
import { JetStreamEventLog, NatsLink } from '#events/jetstream';
import { ApiUnderTest } from '../../../../../test/support/api-under-test.js';
import { FleetHistory } from '../../../../../test/support/fleet-history.js';
import { SseClient, type SseFrame } from '../../../../../test/support/sse.js';
import { until } from '../../../../../test/support/until.js';
import { startEmbeddedNats } from '../../../../../tools/services/index.js';

let world: ApiUnderTest;
let link: NatsLink;
let appender: EventAppender;
const history = new FleetHistory({ seed: 9, nodes: 3 });
const waiting: RecordedEvent[] = history.found();
let last = 0;
const open: SseClient[] = [];

beforeAll(async () => {
  world = await ApiUnderTest.start();
  // This test writes the log itself.
  await world.controlPlane.stop();
  link = await NatsLink.connect({ url: world.nats.url, name: 'writer' });
  appender = new JetStreamEventLog(link).appender(0);
}, 60_000);
afterAll(async () => {
  for (const client of open) client.close();
  await link?.close();
  await world.stop();
}, 30_000);

const streamUrl = (query = '') => `${world.api.url}/api/v2/stream${query}`;

async function follow(query = '', headers: Record<string, string> = {}): Promise<SseClient> {
  const client = await SseClient.open(streamUrl(query), headers);
  open.push(client);
  return client;
}

async function happen(count: number): Promise<void> {
  while (waiting.length < count) waiting.push(...history.tick());
  await appender.append(waiting.splice(0, count));
  last += count;
}

const upTo = (from: number): number[] => Array.from({ length: last - from }, (_, n) => from + n + 1);
const hears = (client: SseClient, sequence: number) =>
  until(
    `event ${sequence} is heard`,
    () => client.sequences.at(-1) === sequence,
    20_000,
    () => `${client.sequences.at(-1)}`,
  );

/** All that the query API has, oldest first. */
async function listed(query = ''): Promise<{ sequence: number; id: string }[]> {
  const all: { sequence: number; id: string }[] = [];
  for (let cursor = ''; ;) {
    const response = await fetch(`${world.api.url}/api/v2/events?order=oldest&limit=500${query}${cursor}`);
    const { items, next } = (await response.json()) as { items: typeof all; next?: string };
    all.push(...items);
    if (next === undefined) return all;
    cursor = `&cursor=${next}`;
  }
}

describe('the stream over real servers', () => {
  test('is not ahead of what the same client reads next: the events themselves, and what they made of VMs', async () => {
    const client = await follow('?type=StartVM');
    for (let n = 1; n <= 20; n++) {
      while (!waiting.some(({ event }) => event.type === 'StartVM')) waiting.push(...history.tick());
      await happen(waiting.findIndex(({ event }) => event.type === 'StartVM') + 1);
      await client.untilEvents(n);
      const { id, subject } = JSON.parse(client.events.at(-1)?.data ?? '') as { id: string; subject: string };
      const read = ['events/' + id, 'vms/' + subject, `vms/${subject}/history`];
      const answers = await Promise.all(read.map((path) => fetch(`${world.api.url}/api/v2/${path}`)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    }
    client.close();
  });

  test('tells what happens to everybody, as the query API then has it', async () => {
    const [all, some] = [await follow('?after=0'), await follow('?after=0&type=VMStarted&type=VMScheduled')];
    await happen(300);
    await hears(all, last);
    expect(all.sequences).toEqual(upTo(0));
    const items = await listed();
    expect(all.events.map(({ data }) => JSON.parse(data ?? '') as unknown)).toEqual(items);
    const wanted = await listed('&type=VMStarted&type=VMScheduled');
    await hears(some, wanted.at(-1)?.sequence ?? 0);
    expect(some.events.map(({ data }) => (JSON.parse(data ?? '') as { id: string }).id)).toEqual(
      wanted.map(({ id }) => id),
    );
  });

  test('is gone on with after a restart of the API, without gap or repetition, from the archive and then live', async () => {
    const before = await follow();
    const from = last;
    const heard: SseFrame[] = [];
    await happen(50);
    await hears(before, last);
    await world.api.stop();
    await before.untilEnded();
    heard.push(...before.events);
    // More than the new process could have in memory, and some of it while nobody projects.
    await happen(700);
    world.api = await world.startApi();
    const lastEventId = before.lastId ?? '';
    expect(lastEventId).toBe(String(last - 700));
    let after: SseClient | undefined;
    await until(
      'the stream is open again',
      async () => (after = await follow('', { 'last-event-id': lastEventId })).status === 200,
      20_000,
    );
    const writing = (async () => {
      for (let n = 0; n < 40; n++) await happen(5);
    })();
    await writing;
    await hears(after as SseClient, last);
    heard.push(...(after as SseClient).events);
    expect(heard.map(({ id }) => Number(id))).toEqual(upTo(from));
  }, 60_000);

  test('waits for a client that does not read, while others hear at once, and then tells it everything', async () => {
    const { hostname, port } = new URL(world.api.url);
    const socket = connect({ host: hostname, port: Number(port) });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    await once(socket, 'connect');
    const from = last;
    socket.write(`GET /api/v2/stream?after=${from} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until('the stream has begun', () => text.includes('event: bookmark'), 10_000);
    socket.pause();
    // Some 20 MB: more than sockets on both sides hold, and more than the ring does.
    for (let n = 0; n < 25; n++) await happen(1_000);
    const figures = async () => (await fetch(`${world.api.url}/metrics`)).text();
    const lag = async () => Number(/^muster_stream_lag_events (\d+)/m.exec(await figures())?.[1]);
    await until('it is behind', async () => (await lag()) > 5_000, 20_000);
    const reader = await follow(`?after=${last - 10}`);
    await hears(reader, last);
    socket.resume();
    await until('it has caught up', () => text.includes(`\nid: ${last}\n`), 60_000);
    socket.destroy();
    const sequences = [...text.matchAll(/^id: (\d+)\nevent: muster/gm)].map(([, id]) => Number(id));
    expect(sequences.length).toBe(last - from);
    expect(sequences).toEqual(upTo(from));
  }, 120_000);

  test('is a problem 410 before what the archive keeps, and beyond the end of the log', async () => {
    const beyond = await follow(`?after=${last + 1}`);
    expect([beyond.status, await beyond.response.json()]).toMatchObject([410, { code: 'POSITION_GONE', last }]);
    const client = new pg.Client({ connectionString: world.postgres.url });
    await client.connect();
    await client.query('DELETE FROM archive.event WHERE sequence <= 100');
    await client.query('UPDATE archive.head SET first_sequence = 101');
    await client.end();
    const before = await follow('?after=99');
    expect([before.status, await before.response.json()]).toMatchObject([410, { code: 'POSITION_GONE', first: 101 }]);
    const next = await follow('?after=100&type=StartVM');
    expect(next.status).toBe(200);
    next.close();
  });

  test('is counted as a request, like any other, once it has ended', async () => {
    const line = /_count\{method="GET",route="\/api\/v2\/stream",status="200"\} (\d+)/;
    const counted = async () => Number(line.exec(await (await fetch(`${world.api.url}/metrics`)).text())?.[1] ?? 0);
    // Clients of earlier tests may still be on their way out: the count is taken when it is at rest.
    let before = -1;
    const atRest = async (): Promise<boolean> => {
      const last = before;
      before = await counted();
      if (before !== last) await systemClock.sleep(500);
      return before === last;
    };
    await until('the count is at rest', atRest, 10_000);
    const client = await follow();
    expect(await counted()).toBe(before);
    client.close();
    await until('it is counted', async () => (await counted()) === before + 1, 5_000);
  });

  test('lives through the absence of NATS: nobody is sent away, and nothing is missed', async () => {
    const client = await follow();
    const from = last;
    const port = Number(new URL(world.nats.url).port);
    await link.close();
    await world.nats.stop();
    world.nats = await startEmbeddedNats({ dir: join(world.dir, 'nats'), port });
    link = await NatsLink.connect({ url: world.nats.url, name: 'writer' });
    appender = new JetStreamEventLog(link).appender(last);
    await happen(20);
    await hears(client, last);
    expect([client.sequences, client.ended]).toEqual([upTo(from), undefined]);
  }, 60_000);
});
