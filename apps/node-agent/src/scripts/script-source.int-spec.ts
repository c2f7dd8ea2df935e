import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StartupScript } from '#domain';
import { HttpScriptSource } from './script-source.http.js';

const SECRET = 'echo secret-token';
const signal = new AbortController().signal;

function scriptOf(text: string, sizeBytes = text.length): StartupScript {
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { digest, sizeBytes, when: 'boot', monitored: true, timeoutMs: 1000, onFailure: 'stop' };
}

describe('startup scripts over HTTP', () => {
  let server: Server;
  let apiUrl: string;
  let answer: { status: number; body: string; location?: string };
  const asked: string[] = [];

  beforeEach(async () => {
    asked.length = 0;
    answer = { status: 200, body: SECRET };
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.writeHead(answer.status, answer.location ? { location: answer.location } : {}).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const fetched = (script = scriptOf(SECRET)): Promise<Uint8Array> =>
    new HttpScriptSource({ apiUrl, authorization: 'Basic abc' }).fetch(script, signal);

  it('are fetched by their digest, with the credentials of the node', async () => {
    expect(Buffer.from(await fetched()).toString()).toBe(SECRET);
    expect(asked).toEqual([`GET /blobs/${scriptOf(SECRET).digest} Basic abc`]);
  });

  it('are refused when they are not what was meant, without a word of theirs', async () => {
    answer.body = 'echo secret-other';
    const error = await fetched().catch((cause: Error) => cause);
    expect(String(error)).toMatch(/its 17 bytes have digest sha256:.*, must be sha256:/);
    expect(String(error)).not.toMatch(/secret/);
  });

  it('are refused when they are longer than declared', async () => {
    await expect(fetched(scriptOf(SECRET, 3))).rejects.toThrow(/longer than its 3 bytes/);
  });

  it('are refused when they are larger than any script may be', async () => {
    await expect(fetched(scriptOf(SECRET, 1e9))).rejects.toThrow(/has 1000000000 bytes, at most/);
    expect(asked).toEqual([]);
  });

  it('are not sought elsewhere', async () => {
    answer = { status: 302, body: '', location: 'http://127.0.0.1:1/' };
    await expect(fetched()).rejects.toThrow(/Cannot fetch the script/);
    expect(asked).toHaveLength(1);
  });

  it('are missing when the API has none', async () => {
    answer.status = 404;
    await expect(fetched()).rejects.toThrow(/HTTP 404/);
  });
});
