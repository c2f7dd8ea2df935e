import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SseClient } from '../../../../../test/support/sse.js';
import { until } from '../../../../../test/support/until.js';
import { GuardedDoors } from '../../auth/testing/guarded-doors.contract.js';
import { openDoors } from '../../testing/api.contract.js';
import { join, push, TEMPLATE_ID } from '../../testing/fleet.contract.js';
import { House } from '../../testing/house.contract.js';
import { EventsModule } from '../events.module.js';
import { RECHECK_MS } from './followers.js';

let house: House;
let app: NestFastifyApplication;
let url: string;
const open: SseClient[] = [];

async function listen(doors: NestFastifyApplication): Promise<string> {
  await doors.listen(0, '127.0.0.1');
  return `http://127.0.0.1:${(doors.getHttpServer().address() as AddressInfo).port}/api/v2/stream`;
}

beforeEach(async () => {
  house = new House().begin();
  app = await openDoors(house, EventsModule);
  url = await listen(app);
  await house.tell(push('v1', 'a'));
  await house.tell(join('mac-01'));
});
afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await app.close();
  await house.end();
});

async function follow(query = '', headers: Record<string, string> = {}, at = url): Promise<SseClient> {
  const client = await SseClient.open(`${at}${query}`, headers);
  open.push(client);
  if (client.status === 200) await until('the stream begins', () => client.frames.length > 0, 5_000);
  return client;
}

const start = (vmId: string) => house.tell({ type: 'StartVM', vmIds: [vmId], request: { templateId: TEMPLATE_ID } });
const logged = (sequence: number): string => house.nats.events.at(sequence).text;

async function hear(client: SseClient, count: number): Promise<void> {
  await house.pass(1);
  await client.untilEvents(count);
}

describe('GET /api/v2/stream', () => {
  it('begins with how to come back and where it is, and goes on with what happens, letter by letter as in the log', async () => {
    const client = await follow('', { 'x-request-id': 'build-7' });
    const { headers } = client.response;
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store, no-transform');
    expect(headers.get('x-request-id')).toBe('build-7');
    const now = house.nats.events.last;
    await start('vm-1');
    await hear(client, 2);
    expect(client.frames.slice(0, 2)).toEqual([{ retry: '2000' }, { id: String(now), event: 'bookmark', data: '{}' }]);
    expect(client.events).toEqual([
      { id: String(now + 1), event: 'muster.vm.StartVM', data: logged(now + 1) },
      { id: String(now + 2), event: 'muster.vm.VMScheduled', data: logged(now + 2) },
    ]);
  });

  it('goes on after the Last-Event-ID, which counts more than the address, and after what the address says', async () => {
    await start('vm-1');
    const { last } = house.nats.events;
    const again = await follow('?after=1', { 'last-event-id': String(last - 1) });
    const asked = await follow('?after=1');
    await start('vm-2');
    await hear(again, 3);
    await hear(asked, last + 1);
    expect(again.sequences).toEqual([last, last + 1, last + 2]);
    expect(asked.sequences).toEqual(Array.from({ length: last + 1 }, (_, n) => n + 2));
  });

  it('tells only what was asked for', async () => {
    const client = await follow('?type=VMScheduled&subject=vm/vm-2&after=0');
    await start('vm-1');
    await start('vm-2');
    await hear(client, 1);
    expect(
      client.events.map(({ event, data }) => [event, (JSON.parse(data ?? '') as { subject: string }).subject]),
    ).toEqual([['muster.vm.VMScheduled', 'vm-2']]);
  });

  it.each([
    ['?limit=1', {}, 400],
    ['?type=Nope', {}, 400],
    ['?after=-1', {}, 400],
    ['', { 'last-event-id': 'abc' }, 400],
    ['?after=100000', {}, 410],
    ['', { 'last-event-id': '100000' }, 410],
  ])('answers %s with %j by a problem %i', async (query, headers, status) => {
    const client = await follow(query, headers);
    expect([client.status, client.response.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    expect(house.eventReads.followers.count).toBe(0);
  });

  it('is a problem 410 when the archive has forgotten what came next', async () => {
    await start('vm-1');
    house.archive.events.splice(0, 2);
    expect((await follow('?after=1')).status).toBe(410);
    expect((await follow('?after=2')).status).toBe(200);
  });

  it('answers HEAD with the head alone', async () => {
    const response = await fetch(url, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(house.eventReads.followers.count).toBe(0);
  });

  it('forgets a client that goes, and ends all others before the server stops', async () => {
    const { followers } = house.eventReads;
    const [gone, stays] = [await follow(), await follow()];
    expect(followers.count).toBe(2);
    gone.close();
    await until('one follower is left', () => followers.count === 1, 5_000);
    await app.close();
    await stays.untilEnded();
    expect([stays.ended, stays.frames.at(-1)]).toEqual(['by the server', { comment: 'the server stops' }]);
  });
});

describe('a stream and credentials', () => {
  it('ends within half a minute after they were taken away', async () => {
    const doors = await GuardedDoors.open();
    const at = await listen(doors.app);
    await doors.makeKey('ci', ['watchers']);
    await doors.allow('watchers', 'view_logs');
    const authorization = await doors.session('ci');
    expect((await follow('', {}, at)).status).toBe(401);
    const client = await follow('', { authorization }, at);
    await doors.house.pass(RECHECK_MS + 1_000);
    expect(client.ended).toBeUndefined();
    await doors.allow('watchers', undefined);
    await doors.house.pass(RECHECK_MS + 1_000);
    await client.untilEnded();
    expect(client.frames.at(-1)).toEqual({ comment: 'the credentials no longer count' });
    expect((await follow('', { authorization }, at)).status).toBe(403);
    await doors.close();
  });
});
