import Fastify from 'fastify';

/**
 * The least that a Fastify server can do, as a reference: it sends the very bytes that it was given before, `PUT /<name>` and then
 * `GET /<name>`. A program of its own; prints its port.
 */
const LARGEST_BODY_BYTES = 64 * 1024 * 1024;
const kept = new Map<string, Buffer>();

const server = Fastify({ bodyLimit: LARGEST_BODY_BYTES, keepAliveTimeout: 0 });
server.removeAllContentTypeParsers();
server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
server.put<{ Params: { name: string } }>('/:name', async (request) => {
  kept.set(request.params.name, request.body as Buffer);
  return 'kept';
});
server.get<{ Params: { name: string } }>('/:name', async (request, reply) =>
  reply
    .headers({ 'content-type': 'application/json', 'cache-control': 'no-store' })
    .send(kept.get(request.params.name)),
);
const address = await server.listen({ port: 0, host: '127.0.0.1' });
console.log(new URL(address).port);
// Ends with the bench, however that ends.
process.stdin.on('end', () => process.exit(0)).resume();
