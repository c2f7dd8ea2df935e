import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDoors } from '../testing/api.contract.js';
import { join, push, TEMPLATE_ID } from '../testing/fleet.contract.js';
import { House } from '../testing/house.contract.js';
import { EventsModule } from './events.module.js';

let house: House;
let app: NestFastifyApplication;
beforeAll(async () => {
  house = new House().begin();
  app = await openDoors(house, EventsModule);
  await house.tell(push('v1', 'a'));
  await house.tell(join('mac-01'));
  for (const vmId of ['vm-1', 'vm-2', 'vm-3']) {
    await house.pass(1_000);
    await house.tell({ type: 'StartVM', vmIds: [vmId], request: { templateId: TEMPLATE_ID } }, `user-${vmId}`);
  }
});
afterAll(async () => {
  await app.close();
  await house.end();
});

interface Page {
  readonly items: { id: string; sequence: number; type: string; subject: string; actor: string; time: string }[];
  readonly next?: string;
}

const get = (url: string) => app.inject({ method: 'GET', url });
const page = async (query: string): Promise<Page> => (await get(`/api/v2/events?${query}`)).json<Page>();
const logged = (sequence: number): string => house.nats.events.at(sequence).text;

describe('GET /api/v2/events', () => {
  it('gives the events letter by letter as the log has them, newest first', async () => {
    const { last } = house.nats.events;
    const answer = await get('/api/v2/events?limit=2');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const { next } = answer.json<Page>();
    expect(answer.payload).toBe(`{"items":[${logged(last)},${logged(last - 1)}],"next":"${next}"}`);
  });

  it.each([
    'order=newest',
    'order=oldest',
    '',
    'order=oldest&type=StartVM',
    'subject=vm/vm-1&since=2026-01-01T00:00:00Z',
  ])('is read to its end page by page, without gap or repetition: %s', async (query) => {
    const whole = (await page(`${query}&limit=500`)).items.map(({ sequence }) => sequence);
    expect(whole.length).toBeGreaterThan(1);
    const read: number[] = [];
    for (let cursor = ''; ;) {
      const { items, next } = await page(`${query}&limit=1${cursor}`);
      read.push(...items.map(({ sequence }) => sequence));
      if (next === undefined) break;
      cursor = `&cursor=${next}`;
    }
    expect(read).toEqual(whole);
  });

  it('finds by type in both spellings, by subject with and without its noun, by actor, correlation, kind, time and place', async () => {
    const all = (await page('order=oldest')).items;
    const found = async (query: string) => (await page(`order=oldest&${query}`)).items.map(({ sequence }) => sequence);
    const where = (fits: (event: Page['items'][number]) => boolean) => all.filter(fits).map(({ sequence }) => sequence);
    const started = where(({ type }) => type === 'muster.vm.StartVM');
    expect(started).toHaveLength(3);
    expect(await found('type=StartVM')).toEqual(started);
    expect(await found('type=muster.vm.StartVM')).toEqual(started);
    expect(await found('type=StartVM&type=PushTemplate')).toEqual([1, ...started]);
    expect(await found('subject=vm/vm-2')).toEqual(where(({ subject }) => subject === 'vm-2'));
    expect(await found('subject=vm-2')).toEqual(where(({ subject }) => subject === 'vm-2'));
    expect(await found('subject=node/vm-2')).toEqual([]);
    expect(await found('actor=user-vm-3')).toEqual(where(({ actor }) => actor === 'user-vm-3'));
    expect(await found('kind=apiAction')).toEqual(where(({ type }) => /StartVM|PushTemplate/.test(type)));
    const [, second = { time: '', sequence: 0 }] = all.filter(({ type }) => type === 'muster.vm.StartVM');
    expect(await found(`since=${second.time}`)).toEqual(where(({ time }) => time >= second.time));
    expect(await found(`until=${second.time}`)).toEqual(where(({ time }) => time < second.time));
    expect(await found('after=2&before=5')).toEqual([3, 4]);
  });

  it('is a problem 400 that names every parameter that is unknown or wrong', async () => {
    const answer = await get(
      '/api/v2/events?typ=StartVM&type=Nonsense&since=yesterday&limit=0&after=-1&order=up&kind=x',
    );
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    const { title, invalid } = answer.json<{ title: string; invalid: string[] }>();
    expect(title).toBe('The query is not valid');
    expect(invalid.sort()).toEqual([
      'after must be an integer number',
      'kind must be one of the following values: apiAction, systemAction',
      'limit must not be less than 1',
      'order must be one of the following values: newest, oldest',
      'since must be a time as in 2026-03-01T10:00:00Z (RFC 3339)',
      'typ is not a parameter of this list',
      'type must be the name of a type of event, as in VMStarted or muster.vm.VMStarted',
    ]);
  });

  it.each([
    'limit=501',
    'actor=a&actor=b',
    'cursor=abc',
    'subject=',
    'until=2026-13-01T00:00:00Z',
    'after=',
    'limit=1e3',
  ])('is a problem 400 for %s', async (query) => expect((await get(`/api/v2/events?${query}`)).statusCode).toBe(400));

  it('does not go on in another list with a cursor of this one', async () => {
    const { next } = await page('limit=1');
    expect((await get(`/api/v2/events?limit=1&type=StartVM&cursor=${next}`)).statusCode).toBe(400);
    expect((await get(`/api/v2/events?limit=2&cursor=${next}`)).statusCode).toBe(200);
  });
});

describe('GET /api/v2/events/{id}', () => {
  it('gives the event as it is in the log', async () => {
    const { id } = JSON.parse(logged(3)) as { id: string };
    const answer = await get(`/api/v2/events/${encodeURIComponent(id)}`);
    expect([answer.statusCode, answer.payload]).toEqual([200, logged(3)]);
  });

  it('is a problem 404 for an id that no event has', async () => {
    const answer = await get('/api/v2/events/nobody');
    expect([answer.statusCode, answer.json()]).toMatchObject([404, { code: 'EVENT_UNKNOWN', status: 404 }]);
  });
});
