import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { serversOf } from '#events/jetstream';

/**
 * The least that a durable controller can do, as a reference: node:http, and one JetStream append per request, acknowledged before
 * the answer. A program of its own; NATS URL in BARE_NATS_URL; prints its port.
 */
const { shown: _, ...servers } = serversOf(process.env['BARE_NATS_URL'] ?? '');
const connection = await connect(servers);
await (await jetstreamManager(connection)).streams.add({ name: 'BARE', subjects: ['bare.>'] });
const stream = jetstream(connection);

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text: string) => (body += text));
  request.on('end', () => {
    const id = randomUUID();
    stream.publish(`bare.${request.method}`, body, { msgID: id }).then(
      () => {
        const answer = JSON.stringify({ status: 'OK', message: '', body: [id] });
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
      },
      (cause: unknown) => response.writeHead(503).end(String(cause)),
    );
  });
});
// A connection that rests for a while is not closed: the client has no way to notice in time.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : '');
});
// Ends with the bench, however that ends.
process.stdin.on('end', () => process.exit(0)).resume();
