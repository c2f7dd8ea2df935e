import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { systemClock } from '#events';
import { HttpSink, type HttpSinkOptions } from './http-sink.http.js';

const servers: (Server | TcpServer)[] = [];
const sinks: HttpSink[] = [];
afterEach(() => {
  for (const sink of sinks.splice(0)) sink.close();
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

async function portOf(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

async function receiver(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<number> {
  return portOf(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
    }),
  );
}

function sinkTo(url: string, changes: Partial<HttpSinkOptions> = {}): HttpSink {
  const options = { url, requestMs: 2000, dialMs: 1000, tlsHandshakeMs: 1000, skipTlsVerification: false, ...changes };
  const sink = new HttpSink(options, systemClock);
  sinks.push(sink);
  return sink;
}

describe('a sink with an address', () => {
  it.each([200, 201, 202, 204])('takes a record when it answers %d', async (code) => {
    const got: unknown[] = [];
    const port = await receiver((request, response, body) => {
      got.push([request.method, request.url, request.headers['content-type'], body]);
      response.writeHead(code).end(code === 204 ? undefined : 'thanks');
    });
    await sinkTo(`http://127.0.0.1:${port}/in?key=1`).send('{"name":"StartVM","x":"ä"}');
    expect(got).toEqual([['POST', '/in?key=1', 'application/json', '{"name":"StartVM","x":"ä"}']]);
  });

  it.each([301, 307, 400, 404, 429, 500, 503])('does not when it answers %d', async (code) => {
    let asked = 0;
    const port = await receiver(
      (_, response) => void (++asked, response.writeHead(code, { location: '/elsewhere' }).end()),
    );
    await expect(sinkTo(`http://127.0.0.1:${port}`).send('{}')).rejects.toThrow(`127.0.0.1:${port} answers ${code}`);
    expect(asked).toBe(1);
  });

  it('gets user and password in a header, and no error tells them', async () => {
    const seen: (string | undefined)[] = [];
    let code = 200;
    const port = await receiver((request, response) => {
      seen.push(request.headers.authorization, request.url);
      response.writeHead(code).end();
    });
    const sink = sinkTo(`http://muster:p%40ss%3Aword@127.0.0.1:${port}/in`);
    await sink.send('{}');
    expect(seen).toEqual([`Basic ${Buffer.from('muster:p@ss:word').toString('base64')}`, '/in']);
    const complaints: unknown[] = [];
    code = 500;
    await sink.send('{}').catch((error: unknown) => complaints.push(error));
    const gone = createTcpServer();
    const deadPort = await portOf(gone);
    await new Promise((resolve) => gone.close(resolve));
    await sinkTo(`http://muster:p%40ss%3Aword@127.0.0.1:${deadPort}`)
      .send('{}')
      .catch((error: unknown) => complaints.push(error));
    expect(complaints).toHaveLength(2);
    for (const error of complaints as Error[]) {
      expect(`${error.stack} ${String((error.cause as Error | undefined)?.stack)}`).not.toMatch(/p(@|%40)ss|muster:/);
    }
  });

  it('uses one connection for one record after the other', async () => {
    const ports = new Set<number | undefined>();
    const port = await receiver((request, response) => void (ports.add(request.socket.remotePort), response.end('ok')));
    const sink = sinkTo(`http://127.0.0.1:${port}`);
    for (let n = 0; n < 5; n++) await sink.send('{}');
    expect(ports.size).toBe(1);
  });

  it('is given up when it does not answer in time', async () => {
    const port = await receiver(() => undefined);
    await expect(sinkTo(`http://127.0.0.1:${port}`, { requestMs: 100 }).send('{}')).rejects.toThrow(
      'no answer within 100 ms',
    );
  });

  it('has taken the record though its answer never ends, and is let go after the limit', async () => {
    let closed: () => void = () => undefined;
    const cut = new Promise<void>((resolve) => (closed = resolve));
    const port = await receiver((request, response) => {
      request.socket.once('close', closed);
      response.writeHead(200).write('and');
    });
    await sinkTo(`http://127.0.0.1:${port}`, { requestMs: 150 }).send('{}');
    await cut;
  });

  it('is a fault when the connection breaks, or the handshake of TLS does not come', async () => {
    const rude = await portOf(createTcpServer((socket) => socket.on('error', () => undefined).destroy()));
    await expect(sinkTo(`http://127.0.0.1:${rude}`).send('{}')).rejects.toThrow(`127.0.0.1:${rude}: `);
    const mute = await portOf(createTcpServer((socket) => void socket.on('error', () => undefined).unref()));
    await expect(sinkTo(`https://127.0.0.1:${mute}`, { tlsHandshakeMs: 100 }).send('{}')).rejects.toThrow(
      'no TLS handshake within 100 ms',
    );
  });
});
