import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import Fastify from 'fastify';

/**
 * The least that a log-in by API key can cost, as a reference: `POST /hand` encrypts a secret as long as ours for the key in
 * BENCH_PUBLIC_KEY (PKIX DER in base64, parsed each time as there), `POST /shake` answers a few bytes. A program of its own; prints its
 * port.
 */
const SECRET = 'x'.repeat(75);
const PUBLIC_KEY = process.env['BENCH_PUBLIC_KEY'] ?? '';

const server = Fastify({ keepAliveTimeout: 0 });
server.post('/hand', async () => {
  const key = createPublicKey({ key: Buffer.from(PUBLIC_KEY, 'base64'), format: 'der', type: 'spki' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(SECRET)).toString('base64');
});
server.post('/shake', async () => ({ id: 'bench', data: SECRET }));
const address = await server.listen({ port: 0, host: '127.0.0.1' });
console.log(new URL(address).port);
// Ends with the bench, however that ends.
process.stdin.on('end', () => process.exit(0)).resume();
