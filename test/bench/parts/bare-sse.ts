import { createServer, type ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';

/**
 * The least that a server of server-sent events can do, as a reference: each line that it is given, a frame as JSON text, goes to
 * everybody who is there. A program of its own; prints its port.
 */
const clients = new Set<ServerResponse>();
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('retry: 2000\n\n');
  clients.add(response);
  response.on('close', () => clients.delete(response));
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as { port: number }).port));
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const frame = JSON.parse(line) as string;
  for (const client of clients) client.write(frame);
});
// Ends with the bench, however that ends.
lines.on('close', () => process.exit(0));
