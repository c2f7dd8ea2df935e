import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { settled, VirtualClock } from '#events/testing';
import { systemClock } from '#events';
import { listenerOf } from './listener.js';
import type { Log } from './log.js';
import { LISTEN_AGAIN_MS, SideListener } from './side-listener.http.js';

const GRACE_MS = 300;
const open: SideListener[] = [];
const servers: Server[] = [];
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.closed();
  for (const server of servers.splice(0)) server.close();
});

function beside(main: Server, port = 0, clock: VirtualClock | typeof systemClock = systemClock) {
  const said: string[] = [];
  const say = (message: string, fields?: object) => void said.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: say, info: say, warn: say, error: say, child: () => log };
  const at = { host: '127.0.0.1', port };
  const listener = new SideListener({ name: 'side', at, clock, log, graceMs: GRACE_MS });
  open.push(listener);
  return { listener, said, main };
}

async function taken(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { port: number }).port };
}

describe('a side listener', () => {
  it('hands requests to the main server, marked with its name', async () => {
    const main = createServer((request, response) => void response.end(`${listenerOf(request)} ${request.url}`));
    const { listener } = beside(main);
    await listener.open(main);
    const answer = await fetch(`http://127.0.0.1:${listener.address?.port}/a/b?c`);
    expect(await answer.text()).toBe('side /a/b?c');
  });

  it('takes addresses as long as the main server does', async () => {
    const main = createServer((request, response) => void response.end(String(request.url?.length)));
    const { listener } = beside(main);
    await listener.open(main);
    const answer = await fetch(`http://127.0.0.1:${listener.address?.port}/${'x'.repeat(20_000)}`);
    expect(await answer.text()).toBe('20001');
  });

  it('says that its port is taken, and has it as soon as it is free', async () => {
    const clock = new VirtualClock();
    const { server, port } = await taken();
    const { listener, said, main } = beside(createServer(), port, clock);
    await listener.open(main);
    expect(listener.address).toBeUndefined();
    expect(said[0]).toMatch(new RegExp(`cannot listen.*"port":${port}.*taken by another process`));
    await new Promise((resolve) => server.close(resolve));
    await clock.advanceBy(LISTEN_AGAIN_MS);
    while (listener.address === undefined) await settled();
    expect(listener.address.port).toBe(port);
    // Its end goes by this clock, too.
    await listener.closed();
  });

  it('does not try again once it is to end', async () => {
    const clock = new VirtualClock();
    const { port } = await taken();
    const { listener, said, main } = beside(createServer(), port, clock);
    await listener.open(main);
    await listener.closed();
    await clock.advanceBy(3 * LISTEN_AGAIN_MS);
    expect(said).toHaveLength(1);
  });

  it('lets a request in flight finish, and takes no other', async () => {
    let finish: () => void = () => undefined;
    const main = createServer((_, response) => void (finish = () => response.end('done')));
    const { listener } = beside(main);
    await listener.open(main);
    const url = `http://127.0.0.1:${listener.address?.port}/`;
    const begun = new Promise((resolve) => main.once('request', resolve));
    const answer = fetch(url).then((response) => response.text());
    await begun;
    const closed = listener.closed();
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    finish();
    expect(await answer).toBe('done');
    await closed;
  });

  it('cuts what is still busy when the time is over', async () => {
    const main = createServer(() => undefined);
    const { listener } = beside(main);
    await listener.open(main);
    const socket = connect(listener.address?.port ?? 0, '127.0.0.1');
    const cut = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await new Promise((resolve) => main.once('request', resolve));
    await listener.closed();
    await cut;
  });
});
