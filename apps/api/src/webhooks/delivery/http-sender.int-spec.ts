import type { Socket } from 'node:net';
import { CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { systemClock } from '#events';
import { GuardedDial } from './guard/guarded-dial.driver.js';
import { systemResolve } from './guard/resolve.driver.js';
import { UrlPolicy } from './guard/url-policy.js';
import { HttpSender } from './http-sender.http.js';
import type { Message, Target } from './sender.js';
import { startRawReceiver } from './testing/raw-receiver.contract.js';
import { Receiver } from './testing/receiver.contract.js';

const OLD = `whsec_${Buffer.alloc(32, 'old').toString('base64')}`;
const NEW = `whsec_${Buffer.alloc(32, 'new').toString('base64')}`;
const urls = new UrlPolicy({ allowCidrs: ['127.0.0.1/32'], ports: [{ from: 1, to: 65_535 }], allowHttp: true });
const dial = new GuardedDial({ addresses: urls.addresses, resolve: systemResolve(), clock: systemClock });
const LIMIT_MS = 1_000;

const event = {
  ...{ specversion: '1.0', id: 'c1:0', source: '/muster/control-plane', type: 'muster.vm.VMStarted', subject: 'v1' },
  ...{ time: '2026-01-01T00:00:00.000Z', datacontenttype: 'application/json', data: { name: 'ü' } },
};
const message: Message = { id: 'c1:0', contentType: 'application/cloudevents+json', body: JSON.stringify(event) };
const targetOf = (url: string, more: Partial<Target> = {}): Target => ({
  ...{ id: 'w1', url, headers: {}, secrets: [{ secret: NEW }] },
  ...more,
});

let sender: HttpSender;
const ends: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  sender = new HttpSender({ urls, dial, clock: systemClock, limitMs: LIMIT_MS });
});
afterEach(async () => {
  sender.close();
  await Promise.all(ends.splice(0).map((end) => end()));
});

async function receiver(...args: Parameters<typeof Receiver.start>): Promise<Receiver> {
  const started = await Receiver.start(...args);
  ends.push(() => started.close());
  return started;
}

async function rawReceiver(onData: (socket: Socket, request: string) => void): Promise<string> {
  const raw = await startRawReceiver(onData);
  ends.push(raw.close);
  return raw.url;
}

describe('a request', () => {
  it('is signed so that the library of Standard Webhooks verifies it with each live secret, and with no other', async () => {
    const to = await receiver();
    const past = systemClock.now() - 1;
    const result = await sender.send(
      targetOf(to.url, {
        secrets: [
          { secret: NEW },
          { secret: OLD, expiresAt: past + 60_000 },
          { secret: `${OLD.slice(0, -4)}AAA=`, expiresAt: past },
        ],
      }),
      message,
    );
    expect(result).toMatchObject({ outcome: 'delivered', status: 204 });
    const { headers, body } = to.received[0] ?? { headers: {}, body: '' };
    const text = headers as Record<string, string>;
    expect(new Webhook(NEW).verify(body, text)).toEqual(event);
    expect(new Webhook(OLD).verify(body, text)).toEqual(event);
    expect(text['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(() => new Webhook(`whsec_${Buffer.alloc(32, 'x').toString('base64')}`).verify(body, text)).toThrow();
    expect(() => new Webhook(NEW).verify(body.replace('VMStarted', 'VMStopped'), text)).toThrow();
  });

  it('is an envelope that the library of CloudEvents reads', async () => {
    const to = await receiver();
    await sender.send(targetOf(to.url), message);
    const { headers, body } = to.received[0] ?? { headers: {}, body: '' };
    const read = HTTP.toEvent({ headers, body }) as CloudEvent<unknown>;
    expect(read.validate()).toBe(true);
    expect(read).toMatchObject({ id: 'c1:0', type: 'muster.vm.VMStarted', data: { name: 'ü' } });
  });

  it('has the headers of the endpoint, but for those which are ours to set', async () => {
    const to = await receiver();
    const headers = {
      'X-Team': 'ci',
      Host: 'evil.example',
      'webhook-id': 'forged',
      'Content-Length': '1',
      connection: 'close',
    };
    await sender.send(targetOf(to.url, { headers }), message);
    expect(to.received[0]?.headers).toMatchObject({
      ...{ 'x-team': 'ci', host: `127.0.0.1:${to.port}`, 'webhook-id': 'c1:0', connection: 'keep-alive' },
      'content-type': 'application/cloudevents+json',
    });
  });

  it('is told without what may be secret', async () => {
    const to = await receiver();
    const url = `${to.url}?token=hush`;
    const { request } = await sender.send(targetOf(url, { headers: { authorization: 'Bearer hush' } }), message);
    expect(to.received[0]?.url).toBe('/hook?token=hush');
    expect(request).toContain('webhook-id: c1:0');
    expect(request).not.toContain('hush');
    expect(request).not.toContain('v1,');
  });

  it('goes over a connection that is kept', async () => {
    const to = await receiver();
    for (let turn = 0; turn < 5; turn++) await sender.send(targetOf(to.url), message);
    expect([to.received.length, to.connections]).toEqual([5, 1]);
  });

  it('is sent again at once when the kept connection was closed by then', async () => {
    let requests = 0;
    const url = await rawReceiver((socket) => {
      // The second request on a connection meets a receiver that closes it.
      if (++requests === 2) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    });
    expect(await sender.send(targetOf(url), message)).toMatchObject({ outcome: 'delivered' });
    expect(await sender.send(targetOf(url), message)).toMatchObject({ outcome: 'delivered' });
    expect(requests).toBe(3);
  });
});

describe('an answer', () => {
  it.each([200, 201, 202, 204, 299])('of %i is a delivery', async (status) => {
    const to = await receiver((_request, response) => response.writeHead(status).end());
    expect(await sender.send(targetOf(to.url), message)).toMatchObject({ outcome: 'delivered', status });
  });

  it.each([400, 404, 410, 500, 503])('of %i is a failure that shows what was answered', async (status) => {
    const to = await receiver((_request, response) => response.writeHead(status).end('no, thanks'));
    const result = await sender.send(targetOf(to.url), message);
    expect(result).toMatchObject({ outcome: 'failed', status, response: 'no, thanks', error: `answers ${status}` });
  });

  it.each([301, 302, 303, 307, 308, 304])('of %i is a failure: nobody goes where it points', async (status) => {
    const elsewhere = await receiver();
    const to = await receiver((_request, response) => response.writeHead(status, { location: elsewhere.url }).end());
    const result = await sender.send(targetOf(to.url), message);
    expect(result).toMatchObject({ outcome: 'failed', status });
    expect(result.error).toContain('redirects are not followed');
    expect(elsewhere.connections).toBe(0);
  });

  it('may ask for patience, in seconds or by a date', async () => {
    let retryAfter = '7';
    const to = await receiver((_request, response) => response.writeHead(429, { 'retry-after': retryAfter }).end());
    expect(await sender.send(targetOf(to.url), message)).toMatchObject({ status: 429, retryAfterMs: 7000 });
    retryAfter = new Date(systemClock.now() + 60_000).toUTCString();
    const { retryAfterMs = 0 } = await sender.send(targetOf(to.url), message);
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('is read up to 16 KiB; a longer one costs the connection and nothing else', async () => {
    let written = 0;
    const to = await receiver((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536;
      };
      response.on('drain', more);
      more();
    });
    const result = await sender.send(targetOf(to.url), message);
    expect(result).toMatchObject({ outcome: 'delivered', response: 'x'.repeat(1024) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(to.sockets.size).toBe(0);
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('that is reset in the middle of its body counts by its code', async () => {
    const start = 'Content-Length: 100\r\n\r\nhalf';
    let status = '200 OK';
    const url = await rawReceiver((socket) =>
      socket.write(`HTTP/1.1 ${status}\r\n${start}`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
    );
    expect(await sender.send(targetOf(url), message)).toMatchObject({ outcome: 'delivered', response: 'half' });
    status = '500 No';
    expect(await sender.send(targetOf(url), message)).toMatchObject({
      outcome: 'failed',
      status: 500,
      response: 'half',
    });
  });

  it.each([
    ['nothing', (socket: Socket) => void socket.resetAndDestroy(), /ECONNRESET|socket hang up|closed/],
    ['half a head', (socket: Socket) => void socket.end('HTTP/1.1 200'), /./],
    ['no HTTP', (socket: Socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'), /Parse Error/],
    [
      'a head without end',
      (socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`),
      /overflow/i,
    ],
    ['silence', () => undefined, /no answer within/],
    [
      'a head in drops',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.writable && socket.write('X-A: b\r\n'), 50);
        socket.once('close', () => clearInterval(drip));
      },
      /no answer within/,
    ],
  ])('that is %s is a failure', async (_what, speak, why) => {
    const url = await rawReceiver((socket) => speak(socket));
    const result = await sender.send(targetOf(url), message);
    expect(result.outcome).toBe('failed');
    expect(result.error).toMatch(why);
    expect(result.latencyMs).toBeLessThan(LIMIT_MS + 500);
  });

  it('whose body comes in drops is cut at the limit of the attempt', async () => {
    const to = await receiver((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 50);
      response.once('close', () => clearInterval(drip));
    });
    const result = await sender.send(targetOf(to.url), message);
    expect(result).toMatchObject({ outcome: 'delivered', status: 200 });
    expect(result.latencyMs).toBeLessThan(LIMIT_MS + 500);
  });
});

describe('without a receiver', () => {
  it('a closed port is a failure', async () => {
    const to = await receiver();
    const { url } = to;
    await to.close();
    ends.length = 0;
    expect(await sender.send(targetOf(url), message)).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('a header that cannot be sent is a failure, not a crash', async () => {
    const to = await receiver();
    const result = await sender.send(targetOf(to.url, { headers: { 'x-bad': 'a\r\nb: c' } }), message);
    expect(result.outcome).toBe('failed');
    expect(to.received).toEqual([]);
  });
});
