import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { systemClock } from '#events';
import { TestAuthority } from '../../auth/testing/certificates.contract.js';
import { GuardedDial } from './guard/guarded-dial.driver.js';
import { type Resolve, systemResolve } from './guard/resolve.driver.js';
import { UrlPolicy } from './guard/url-policy.js';
import { HttpSender } from './http-sender.http.js';
import type { AttemptResult } from './sender.js';
import { DnsServer, type Zone } from './testing/dns-server.contract.js';
import { Receiver } from './testing/receiver.contract.js';

const EVERY_PORT = [{ from: 1, to: 65_535 }];
const SECRETS = [{ secret: `whsec_${Buffer.alloc(32, 'k').toString('base64')}` }];
const message = { id: 'c1:0', contentType: 'application/json', body: '{}' };
/** Stands for a public address where a real socket is needed. */
const OUTSIDE = '127.0.0.1';
/** Stands for a forbidden one, with somebody who listens there. */
const INSIDE = '127.0.0.2';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

/** Sends, once per URL, from a Muster whose operator opened nothing but what is said. */
function senderWith({
  allowCidrs = [] as string[],
  resolve = systemResolve(),
  addresses = undefined as UrlPolicy['addresses'] | undefined,
}) {
  const urls = new UrlPolicy({ allowCidrs, ports: EVERY_PORT, allowHttp: true });
  const dial = new GuardedDial({ addresses: addresses ?? urls.addresses, resolve, clock: systemClock });
  const sender = new HttpSender({ urls, dial, clock: systemClock, limitMs: 2_000 });
  ends.push(() => sender.close());
  return (url: string): Promise<AttemptResult> =>
    sender.send({ id: 'w1', url, headers: {}, secrets: SECRETS }, message);
}

async function dnsWith(zone: Zone): Promise<{ dns: DnsServer; resolve: Resolve }> {
  const dns = await DnsServer.start(zone);
  ends.push(() => dns.close());
  return { dns, resolve: systemResolve([dns.address]) };
}

async function receiverAt(host: string, port = 0): Promise<Receiver> {
  const receiver = await Receiver.start(undefined, host, port);
  ends.push(() => receiver.close());
  return receiver;
}

describe('a name is refused, and nothing connected to, when DNS says that it stands for', () => {
  it.each([
    ['loopback', ['127.0.0.1']],
    ['private', ['10.0.0.5']],
    ['private', ['192.168.0.10']],
    ['link-local', ['169.254.169.254']],
    ['CGNAT', ['100.64.1.1']],
    ['unspecified', ['0.0.0.0']],
    ['multicast', ['224.0.0.1']],
    ['broadcast', ['255.255.255.255']],
    ['loopback', ['::1']],
    ['IPv4 in IPv6', ['::ffff:7f00:1']],
    ['IPv4 in IPv6', ['::7f00:1']],
    ['NAT64', ['64:ff9b::7f00:1']],
    ['6to4', ['2002:7f00:1::']],
    ['unique local', ['fd00::1']],
    ['link-local', ['fe80::1']],
    // One good address does not make a bad one better.
    ['private', ['8.8.8.8', '10.0.0.5']],
    ['unique local', ['8.8.8.8', 'fd00::1']],
  ])('%s: %j', async (why, addresses) => {
    const { resolve } = await dnsWith((_name, type) =>
      addresses.filter((one) => one.includes(':') === (type === 'AAAA')),
    );
    const result = await senderWith({ resolve })('https://hooks.example.test/');
    expect(result.outcome).toBe('refused');
    expect(result.error).toContain(why);
    expect(result.status).toBeUndefined();
  });
});

describe('a URL is refused without a question to DNS', () => {
  it.each([
    'http://127.0.0.1:8080/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://[::ffff:127.0.0.1]/',
    'http://u:p@example.com/',
  ])('%s', async (url) => {
    const { dns, resolve } = await dnsWith(() => ['8.8.8.8']);
    expect(await senderWith({ resolve })(url)).toMatchObject({ outcome: 'refused' });
    expect(dns.asked).toEqual([]);
  });

  it('on a port that the operator did not open', async () => {
    const urls = new UrlPolicy({ allowCidrs: [], ports: [{ from: 443, to: 443 }], allowHttp: false });
    for (const port of [22, 25, 80, 6379, 8080, 5432, 4222])
      expect(urls.refusal(`https://hooks.example.test:${port}/`)).toContain(`port ${port}`);
  });

  it('and localhost, as the hosts file says it, is loopback', async () => {
    expect(await senderWith({})('http://localhost:1/')).toMatchObject({ outcome: 'refused' });
  });
});

describe('a name that changes (DNS rebinding)', () => {
  it('is asked for once per connection, and the connection goes to what was checked', async () => {
    const inside = await receiverAt(INSIDE);
    const outside = await receiverAt(OUTSIDE, inside.port);
    // The first answer is good; every further one is not.
    let answers = 0;
    const { dns, resolve } = await dnsWith((_name, type) =>
      type === 'AAAA' ? [] : [answers++ === 0 ? OUTSIDE : INSIDE],
    );
    const send = senderWith({ allowCidrs: [`${OUTSIDE}/32`], resolve });
    const url = `http://hooks.example.test:${inside.port}/`;
    expect(await send(url)).toMatchObject({ outcome: 'delivered' });
    expect(dns.asked.filter((asked) => asked.endsWith(' A'))).toHaveLength(1);
    // As long as the connection is kept, it is the one to the checked address.
    expect(await send(url)).toMatchObject({ outcome: 'delivered' });
    for (const socket of outside.sockets) socket.destroy();
    await new Promise((done) => setTimeout(done, 50));
    expect(await send(url)).toMatchObject({ outcome: 'refused', error: expect.stringContaining(INSIDE) });
    expect([outside.received.length, inside.connections]).toEqual([2, 0]);
  });

  it('is of no use with both answers at once', async () => {
    const inside = await receiverAt(INSIDE);
    const { resolve } = await dnsWith((_name, type) => (type === 'AAAA' ? [] : [OUTSIDE, INSIDE]));
    const result = await senderWith({ allowCidrs: [`${OUTSIDE}/32`], resolve })(
      `http://hooks.example.test:${inside.port}/`,
    );
    expect([result.outcome, inside.connections]).toEqual(['refused', 0]);
  });

  it('between the check and the connection is seen on the socket', async () => {
    const outside = await receiverAt(OUTSIDE);
    // A guard that takes the address once, when it is resolved, and no more when the socket names it.
    let looks = 0;
    const addresses = {
      refusal: () => (looks++ === 0 ? undefined : 'it has changed'),
    } as unknown as UrlPolicy['addresses'];
    const send = senderWith({ allowCidrs: [`${OUTSIDE}/32`], addresses });
    expect(await send(outside.url)).toMatchObject({
      outcome: 'refused',
      error: expect.stringContaining('it has changed'),
    });
    expect(outside.received).toEqual([]);
  });

  it('is looked at again on a connection that is kept', async () => {
    const outside = await receiverAt(OUTSIDE);
    const rules: { verdict?: string } = {};
    const addresses = { refusal: () => rules.verdict } as unknown as UrlPolicy['addresses'];
    const send = senderWith({ allowCidrs: [`${OUTSIDE}/32`], addresses });
    expect(await send(outside.url)).toMatchObject({ outcome: 'delivered' });
    rules.verdict = 'the rules have changed';
    expect(await send(outside.url)).toMatchObject({ outcome: 'refused' });
    expect(outside.received).toHaveLength(1);
  });
});

describe('a proxy in the environment', () => {
  it('is not asked to connect in our place', async () => {
    const [proxy, to] = [await receiverAt(OUTSIDE), await receiverAt(OUTSIDE)];
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    for (const name of names)
      process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`;
    ends.push(() => names.forEach((name) => delete process.env[name]));
    expect(await senderWith({ allowCidrs: [`${OUTSIDE}/32`] })(to.url)).toMatchObject({ outcome: 'delivered' });
    expect([proxy.connections, to.connections]).toEqual([0, 1]);
  });
});

describe('over TLS', () => {
  async function secureReceiver(name: string): Promise<{ port: number; ca: string; named: () => string[] }> {
    const authority = await TestAuthority.make('webhooks', systemClock.now());
    const { certificate, key } = await authority.issue(`CN=${name}`, { usage: 'server', host: name });
    const named: string[] = [];
    const server = createTls({ cert: certificate, key }, (request, response) => {
      named.push(`${(request.socket as unknown as { servername: string }).servername} ${request.headers.host}`);
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, OUTSIDE, resolve));
    ends.push(
      () =>
        new Promise<unknown>((resolve) => {
          server.closeAllConnections();
          server.close(resolve);
        }),
    );
    return { port: (server.address() as AddressInfo).port, ca: authority.pem, named: () => named };
  }

  async function sendTo(host: string, certified: string) {
    const { port, ca, named } = await secureReceiver(certified);
    const urls = new UrlPolicy({ allowCidrs: [`${OUTSIDE}/32`], ports: EVERY_PORT, allowHttp: false });
    const { resolve } = await dnsWith((_name, type) => (type === 'A' ? [OUTSIDE] : []));
    const dial = new GuardedDial({ addresses: urls.addresses, resolve, clock: systemClock, tls: { ca } });
    const sender = new HttpSender({ urls, dial, clock: systemClock, limitMs: 2_000 });
    ends.push(() => sender.close());
    const target = { id: 'w1', url: `https://${host}:${port}/`, headers: {}, secrets: SECRETS };
    return { result: await sender.send(target, message), named: named(), port };
  }

  it('the name, not the address, is what the receiver is asked for and must prove', async () => {
    const { result, named, port } = await sendTo('hooks.example.test', 'hooks.example.test');
    expect(result).toMatchObject({ outcome: 'delivered' });
    expect(named).toEqual([`hooks.example.test hooks.example.test:${port}`]);
  });

  it('a certificate for another name is a failure', async () => {
    const { result, named } = await sendTo('hooks.example.test', 'other.example.test');
    expect(result.outcome).toBe('failed');
    expect(result.error).toMatch(/altnames|does not match/);
    expect(named).toEqual([]);
  });
});
