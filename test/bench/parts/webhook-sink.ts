import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How long the receiver that is slow on purpose takes, ms. */
const SLOW_MS = 2_000;

/** What the sink tells when it is asked. `latenciesMs`: from the time in a body to its arrival, of all receivers but the slow one. */
export interface SinkCounts {
  readonly received: number;
  readonly latenciesMs: readonly number[];
}

/**
 * A process of its own that receives webhooks and does nothing with them: `/hook/<endpoint>` answers at once, `/slow/<endpoint>` late. Over IPC
 * it tells its port first, and for each message its counts since the last one.
 */
let received = 0;
let latenciesMs: number[] = [];
const AT = '"at":';

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  let body = '';
  request.setEncoding('latin1').on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    received += 1;
    if (request.url?.startsWith('/slow')) return void setTimeout(() => response.writeHead(204).end(), SLOW_MS);
    const at = body.lastIndexOf(AT);
    if (at >= 0) latenciesMs.push(Date.now() - parseInt(body.slice(at + AT.length), 10));
    response.writeHead(204).end();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => {
  process.send?.({ received, latenciesMs } satisfies SinkCounts);
  received = 0;
  latenciesMs = [];
});
process.on('disconnect', () => process.exit());
