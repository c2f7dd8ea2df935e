import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../drivers/clock.system.js';
import { HttpBlobSource } from './blob-source.http.js';
import { NodeTemplateCache } from './node-template-cache.js';
import { LAYER_BYTES, templateCacheContract } from './template-cache.contract.js';
import { BlobServer } from './testing/blob-server.js';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Bytes that QEMU could take for a disk, other ones for each name. */
function disk(name: string): Buffer {
  const bytes = Buffer.alloc(LAYER_BYTES);
  bytes.writeUInt32BE(0x514649fb, 0);
  bytes.writeUInt32BE(3, 4);
  bytes.writeUInt32BE(16, 20);
  bytes.writeBigUInt64BE(1n << 29n, 24);
  bytes.writeUInt32BE(104, 100);
  bytes.write(name, 200);
  return bytes;
}

templateCacheContract('the template cache of a node', async (limitBytes) => {
  const server = new BlobServer();
  const apiUrl = await server.listen();
  const nodeDir = mkdtempSync(join(tmpdir(), 'muster-cache-'));
  ends.push(async () => {
    await server.close();
    rmSync(nodeDir, { recursive: true, force: true });
  });
  let passedMs = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + passedMs };
  return {
    cache: new NodeTemplateCache({
      nodeDir,
      source: new HttpBlobSource({ apiUrl }),
      clock,
      reserveBytes: 0,
      limitBytes,
    }),
    layer: (name) => server.offer(disk(name)),
    pass: (ms) => void (passedMs += ms),
  };
});
