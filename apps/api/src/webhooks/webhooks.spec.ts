import { MASK } from './field-rules.js';
import { CI, type Method, doorsOfSpec } from './testing/webhook-doors.contract.js';

const doors = doorsOfSpec();
const { call, create } = doors;

const VALUE = 'Bearer top-s3cret';
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

describe('POST /api/v2/webhooks', () => {
  it('makes a webhook and tells its secret, once', async () => {
    const made = await call('POST', '', { ...CI, headers: { Authorization: VALUE } });
    expect(made).toMatchObject({
      code: 201,
      etag: '"1"',
      body: { ...CI, enabled: true, ratePerSecond: null, version: 1 },
    });
    expect(made.body.secret).toBe(`whsec_${Buffer.alloc(32, 1).toString('base64')}`);
    expect(made.body).toMatchObject({ headers: { authorization: MASK }, secrets: 1, types: [], subjects: [] });
    const read = await call('GET', `/${made.body.id}`);
    expect(read).toMatchObject({ code: 200, etag: '"1"', body: { outstanding: 0, dead: 0 } });
    expect(JSON.stringify(read.body)).not.toMatch(/whsec_|top-s3cret/);
  });

  it('lets neither the secret nor the URL nor a header into the log', async () => {
    const { body } = await call('POST', '', { ...CI, headers: { authorization: VALUE } });
    await call('PATCH', `/${body.id}`, { url: `${CI.url}-too`, headers: { authorization: 'other-s3cret' } });
    await call('POST', `/${body.id}/rotate-secret`);
    expect(doors.house.logged()).toContain('"changed":["headers","url"]');
    expect(doors.house.logged()).not.toMatch(/s3cret|whsec_/);
  });

  it('answers the same request with the same webhook', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const first = await call('POST', '', CI, key);
    expect(await call('POST', '', CI, key)).toEqual(first);
    expect((await call('GET')).body.items).toHaveLength(1);
  });

  it('takes filters by their short and their full names', async () => {
    const id = await create({ types: ['muster.vm.VMStarted', 'VMStarted', 'node.*'], subjects: ['vm/a.b', 'node/*'] });
    expect((await call('GET', `/${id}`)).body).toMatchObject({
      types: ['VMStarted', 'node.*'],
      subjects: ['node/*', 'vm/a.b'],
    });
  });

  it.each<[string, object, RegExp]>([
    ['no name', { name: '' }, /name/],
    ['plain http', { url: 'http://ci.example/' }, /url cannot be used: .*https/],
    ['credentials in the URL', { url: 'https://u:p@ci.example/' }, /user or a password/],
    ['an odd port', { url: 'https://ci.example:22/' }, /port 22/],
    ['an address of our own', { url: 'https://127.0.0.1/' }, /loopback/],
    ['a type that nobody knows', { types: ['VMStart'] }, /types has "VMStart"/],
    ['a type of another noun', { types: ['node.VMStarted'] }, /types has/],
    ['a subject that is none', { subjects: ['a'] }, /subjects has "a"/],
    ['a header of ours', { headers: { 'Webhook-Id': 'x' } }, /headers has "Webhook-Id"/],
    ['a header of the connection', { headers: { Host: 'x' } }, /headers has "Host"/],
    ['a header twice', { headers: { 'x-a': '1', 'X-A': '2' } }, /twice/],
    ['a line break in a header', { headers: { 'x-a': 's3cret\r\nx: y' } }, /headers has a value of x-a/],
    ['a mask for nothing', { headers: { 'x-a': MASK } }, /headers has a value of x-a/],
    ['a short secret', { secret: 'whsec_AAAA' }, /secret must be whsec_/],
    ['a secret in other clothes', { secret: SECRET.replace('whsec_', '') }, /secret must be whsec_/],
    ['no format of ours', { format: 'xml' }, /format/],
    ['nothing in place of a list', { types: null }, /types must not be null/],
    ['very many at a time', { concurrency: 33 }, /concurrency/],
    ['hardly any rate', { ratePerSecond: 0.01 }, /ratePerSecond/],
    ['a field that nobody knows', { retries: 3 }, /retries/],
  ])('says no to %s', async (_, fields, why) => {
    const { code, body } = await call('POST', '', { ...CI, ...fields });
    expect([code, body['detail']]).toEqual([400, expect.stringMatching(why)]);
    expect(JSON.stringify(body)).not.toContain('s3cret');
    expect((await call('GET')).body.items).toEqual([]);
  });
});

describe('the list of webhooks', () => {
  it('comes in pages, oldest first', async () => {
    for (const name of ['a', 'b', 'c']) await create({ name });
    const first = await call('GET', '?limit=2');
    expect(first.body.items).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    const second = await call('GET', `?limit=2&cursor=${first.body.next}`);
    expect(second.body).toMatchObject({ items: [{ name: 'c' }] });
    expect(second.body.next).toBeUndefined();
    expect((await call('GET', '?cursor=nonsense')).code).toBe(400);
  });
});

describe('PATCH /api/v2/webhooks/{id}', () => {
  it('changes what is said, and of the state that is meant', async () => {
    const id = await create({ headers: { authorization: VALUE } });
    const changed = await call('PATCH', `/${id}`, { ratePerSecond: 5, ordered: true }, { 'if-match': '"1"' });
    expect(changed).toMatchObject({ code: 200, etag: '"2"', body: { ratePerSecond: 5, ordered: true, url: CI.url } });
    const late = await call('PATCH', `/${id}`, { ordered: false }, { 'if-match': '"1"' });
    expect(late).toMatchObject({ code: 412, body: { code: 'WEBHOOK_CHANGED', version: 2 } });
    expect((await call('PATCH', `/${id}`, {}, { 'if-match': 'W/"2"' })).code).toBe(412);
    expect((await call('GET', `/${id}`)).body).toMatchObject({ ordered: true, version: 2 });
    expect((await call('PATCH', `/${id}`, { ratePerSecond: null })).body).toMatchObject({ ratePerSecond: null });
  });

  it('keeps the value of a header for which the mask is said', async () => {
    const id = await create({ headers: { Authorization: VALUE } });
    await call('PATCH', `/${id}`, { headers: { authorization: MASK, 'x-new': 'n' } });
    expect((await doors.house.webhookStore.get(id))?.headers).toEqual({ authorization: VALUE, 'x-new': 'n' });
  });

  it('keeps what it was to change nowhere when the answer is no', async () => {
    const id = await create();
    await call('PATCH', `/${id}`, { url: 'https://x.example/never' }, { 'if-match': '"7"' });
    expect(doors.house.webhookStore.held()).not.toContain('never');
  });

  it('disables and enables', async () => {
    const id = await create({ enabled: false });
    expect((await call('GET', `/${id}`)).body).toMatchObject({ enabled: false, disabledBy: 'operator' });
    const enabled = await call('PATCH', `/${id}`, { enabled: true });
    expect(enabled.body).toMatchObject({ enabled: true });
    expect(enabled.body).not.toHaveProperty('disabledAt');
  });
});

describe('the secret of a webhook', () => {
  it('is replaced by another, beside which it signs for a while', async () => {
    const id = await create();
    const { code, body } = await call('POST', `/${id}/rotate-secret`, { overlapS: 60 });
    expect([code, body.secret]).toEqual([200, `whsec_${Buffer.alloc(32, 2).toString('base64')}`]);
    expect((await call('GET', `/${id}`)).body).toMatchObject({ secrets: 2 });
    await doors.house.pass(60_000);
    expect((await call('GET', `/${id}`)).body).toMatchObject({ secrets: 1 });
  });

  it('may be brought along, and ended at once', async () => {
    const id = await create({ secret: SECRET });
    expect((await doors.house.webhookStore.get(id))?.secrets).toEqual([{ secret: SECRET }]);
    const other = SECRET.replace('whsec_Bw', 'whsec_CA');
    const { body } = await call('POST', `/${id}/rotate-secret`, { secret: other, overlapS: 0 });
    expect(body).toMatchObject({ secret: other, secrets: 1 });
    expect((await call('POST', `/${id}/rotate-secret`, { secret: 'x' })).code).toBe(400);
    expect((await call('POST', `/${id}/rotate-secret`, { overlapS: 700_000 })).code).toBe(400);
  });

  it('is the same when the request for another comes twice', async () => {
    const id = await create();
    const key = { 'idempotency-key': 'r' };
    const first = await call('POST', `/${id}/rotate-secret`, {}, key);
    expect((await call('POST', `/${id}/rotate-secret`, {}, key)).body.secret).toBe(first.body.secret);
  });
});

describe('POST /api/v2/webhooks/{id}/ping', () => {
  it('sends at once and tells what came back', async () => {
    const id = await create({ headers: { authorization: VALUE } });
    doors.house.sender.answer = {
      outcome: 'failed',
      status: 500,
      latencyMs: 12,
      request: 'POST /hook',
      response: 'no',
      error: 'x',
    };
    const { code, body } = await call('POST', `/${id}/ping`);
    expect([code, body]).toMatchObject([
      200,
      { outcome: 'failed', status: 500, latencyMs: 12, response: 'no', error: 'x' },
    ]);
    const [{ target, message } = fail()] = doors.house.sender.sent;
    expect(target).toMatchObject({ id, url: CI.url, headers: { authorization: VALUE } });
    expect(message).toMatchObject({ id: body.id, contentType: 'application/cloudevents+json' });
    expect(JSON.parse(message.body)).toMatchObject({ type: 'muster.webhook.ping', subject: id, id: body.id });
    expect(await doors.house.webhookStore.attempts({ endpointId: id, limit: 9 })).toMatchObject([
      { sequence: 0, type: 'ping', outcome: 'failed', status: 500 },
    ]);
  });

  it('speaks the format of the webhook', async () => {
    const id = await create({ format: 'anka' });
    await call('POST', `/${id}/ping`);
    const { body } = doors.house.sender.sent[0]?.message ?? fail();
    expect(JSON.parse(body)).toMatchObject({ name: 'Ping', machineName: 'host', webhook_id: id });
    const keys = Object.keys(JSON.parse(body) as object);
    expect(keys).toEqual([...keys].sort());
  });

  it.each([
    ['standard-webhooks', 'application/cloudevents-batch+json', { type: 'muster.webhook.ping' }],
    ['anka', 'application/json', { name: 'Ping' }],
  ])('comes as a list of one where deliveries come as lists, in the format %s', async (format, contentType, event) => {
    const id = await create({ format, batchSize: 10 });
    const { body } = await call('POST', `/${id}/ping`);
    const { message } = doors.house.sender.sent[0] ?? fail();
    expect(message).toMatchObject({ id: `${body.id}+1`, contentType });
    expect(JSON.parse(message.body)).toEqual([expect.objectContaining(event)]);
  });
});

describe('a webhook that is gone', () => {
  it('is known no more, whatever is asked of it', async () => {
    const id = await create();
    expect((await call('DELETE', `/${id}`)).code).toBe(204);
    const asked: [Method, string, object?][] = [
      ['GET', ''],
      ['PATCH', '', { ordered: true }],
      ['DELETE', ''],
      ['POST', '/rotate-secret'],
      ['POST', '/ping'],
    ];
    for (const [method, path, body] of asked)
      expect(await call(method, `/${id}${path}`, body)).toMatchObject({ code: 404, body: { code: 'WEBHOOK_UNKNOWN' } });
    expect(doors.house.webhookStore.held()).not.toContain('s3cret');
  });
});
