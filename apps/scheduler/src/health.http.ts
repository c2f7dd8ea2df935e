import { createServer, type Server } from 'node:http';
import type { ListenAddress } from '#events';
import type { Registry } from 'prom-client';

/** Serves `/livez`, `/readyz` and `/metrics`. Ready means: follows the log, as leader or stand-by. */
export function serveHealth(listen: ListenAddress, registry: Registry, unready: () => string | undefined): Server {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', registry, unready).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    });
  });
  return server.listen(listen.port, listen.host);
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

async function answer(url: string, registry: Registry, unready: () => string | undefined): Promise<Answer> {
  const text = 'text/plain; charset=utf-8';
  switch (url.split('?')[0]) {
    case '/livez':
      return { status: 200, type: text, body: 'ok\n' };
    case '/readyz': {
      const reason = unready();
      return reason === undefined
        ? { status: 200, type: text, body: 'ok\n' }
        : { status: 503, type: text, body: `${reason}\n` };
    }
    case '/metrics':
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    default:
      return { status: 404, type: text, body: 'not found\n' };
  }
}
