import { systemClock } from '../drivers/clock.system.js';
import { layerOf, layerSinkContract } from './layer-sink.contract.js';
import { HttpLayerSink, MAX_UPLOAD_ATTEMPTS } from './layer-sink.http.js';
import { BlobServer } from './testing/blob-server.js';

const never = new AbortController().signal;
/** Pauses between attempts take no time. */
const hasty = { ...systemClock, sleep: (_: number, signal?: AbortSignal) => systemClock.sleep(1, signal) };

const servers: BlobServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function made(): Promise<{ server: BlobServer; sink: HttpLayerSink }> {
  const server = new BlobServer();
  servers.push(server);
  return { server, sink: new HttpLayerSink({ apiUrl: await server.listen(), authorization: 'Basic abc' }, hasty) };
}

layerSinkContract('layers over HTTP', async () => {
  const { server, sink } = await made();
  return { sink, has: () => server.blobs.keys() };
});

describe('a layer on its way to the store', () => {
  const layer = layerOf('x'.repeat(100_000));
  const methods = (server: BlobServer): string[] => server.requests.map((request) => request.split(' ')[0] ?? '');

  it('is not sent when the store has it already', async () => {
    const { server, sink } = await made();
    await sink.put(layer, never);
    await sink.put(layer, never);
    expect(methods(server)).toEqual(['HEAD', 'PUT', 'HEAD']);
  });

  it('is sent again after what may pass, a bounded number of times', async () => {
    const { server, sink } = await made();
    server.refusals = [404, 503, 404, 429];
    await sink.put(layer, never);
    expect(server.blobs.get(layer.digest)?.length).toBe(100_000);
    server.blobs.clear();
    server.refusals = Array.from({ length: 99 }, () => 500);
    await expect(sink.put(layer, never)).rejects.toMatchObject({ code: 'TOOL_FAILED', retryable: true });
    expect(99 - server.refusals.length).toBe(2 * MAX_UPLOAD_ATTEMPTS);
  });

  it('is given up at once when the store does not let us, or when its bytes are not what they should be', async () => {
    const { server, sink } = await made();
    server.refusals = [404, 403];
    const final = { code: 'TOOL_FAILED', retryable: false };
    await expect(sink.put(layer, never)).rejects.toMatchObject(final);
    await expect(sink.put({ ...layer, open: async () => new Blob(['y']) }, never)).rejects.toMatchObject(final);
    expect(methods(server)).toEqual(['HEAD', 'PUT', 'HEAD', 'PUT']);
  });

  it('is given up when its saving is', async () => {
    const { server, sink } = await made();
    server.isMute = true;
    const saving = new AbortController();
    const put = sink.put(layer, saving.signal);
    setTimeout(() => saving.abort(), 50);
    await expect(put).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
