import { createServer, type Server } from 'node:http';
import type { ListenAddress } from '#events';
import type { Registry } from 'prom-client';

/** Serves `/livez`, `/readyz` and `/metrics`. `unready` says what is missing, or undefined. Rejects when it cannot listen. */
export async function serveHealth(
  listen: ListenAddress,
  registry: Registry,
  unready: () => string | undefined,
): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', registry, unready).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(listen.port, listen.host, resolve);
  });
  return server;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(url: string, registry: Registry, unready: () => string | undefined): Promise<Answer> {
  const type = 'text/plain; charset=utf-8';
  switch (url.split('?')[0]) {
    case '/livez':
      return { status: 200, type, body: 'ok\n' };
    case '/readyz': {
      const reason = unready();
      return { status: reason === undefined ? 200 : 503, type, body: `${reason ?? 'ok'}\n` };
    }
    case '/metrics':
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    default:
      return { status: 404, type, body: 'not found\n' };
  }
}
