import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../drivers/clock.system.js';

/** Long enough for the other side to have read what was sent: its client drops what it has not read when a connection breaks. */
const CUT_DELAY_MS = 200;

async function cutLater(response: ServerResponse): Promise<void> {
  await systemClock.sleep(CUT_DELAY_MS);
  response.destroy();
}

/** A store of blobs as the API has it, which can be made to misbehave. */
export class BlobServer {
  readonly blobs = new Map<string, Buffer>();
  /** What was asked, e.g. `GET sha256:… bytes=3-`. */
  readonly requests: string[] = [];
  /** Ends this many answers after so many bytes. */
  cuts: number[] = [];
  /** Answers with these codes first. */
  refusals: number[] = [];
  canResume = true;
  /** Never answers the next request. */
  isMute = false;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Offers the bytes and says what they are. */
  offer(bytes: Buffer): { digest: string; sizeBytes: number } {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    this.blobs.set(digest, bytes);
    return { digest, sizeBytes: bytes.length };
  }

  private async take(request: IncomingMessage, response: ServerResponse, digest: string): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isRight = this.offer(Buffer.concat(chunks)).digest === digest;
    response.writeHead(isRight ? 201 : 400).end(isRight ? '{}' : 'The digest does not match');
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const digest = request.url?.replace('/blobs/', '') ?? '';
    this.requests.push([request.method, digest.slice(0, 15), request.headers.range].filter(Boolean).join(' '));
    if (this.isMute) return;
    const refusal = this.refusals.shift();
    const bytes = this.blobs.get(digest);
    if (refusal === undefined && request.method === 'PUT') return void this.take(request, response, digest);
    if (refusal !== undefined || !bytes) {
      response.writeHead(refusal ?? 404).end();
      return;
    }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const isPartial = this.canResume && start > 0 && request.headers['if-range'] === `"${digest}"`;
    const body = isPartial ? bytes.subarray(start) : bytes;
    const range = isPartial ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(isPartial ? 206 : 200, { 'content-length': body.length, etag: `"${digest}"`, ...range });
    const cut = this.cuts.shift();
    if (cut === undefined) response.end(body);
    else response.write(body.subarray(0, cut), () => void cutLater(response));
  }
}
