import { type IncomingMessage, request as open } from 'node:http';
import { gunzipSync } from 'node:zlib';

const ANSWER_LIMIT_MS = 30_000;

/** A request as it goes over the wire: nothing is added but `Host`, `Connection` and, with a body, its length. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query, encoded as the client does. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** After this the client hangs up. */
  readonly timeoutMs?: number;
}

export interface RawAnswer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** No answer came in time; the request may have been carried out all the same. */
export class TimedOut extends Error {}

/** A server as a client reaches it, with every header in the client's own hands. */
export class Wire {
  constructor(readonly url: string) {}

  send({ method, path, headers, body, timeoutMs = ANSWER_LIMIT_MS }: WireRequest): Promise<RawAnswer> {
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const begunMs = performance.now();
    return new Promise((resolve, reject) => {
      const tooLate = () => new TimedOut(`${method} ${path}: ${timeoutMs} ms`);
      const request = open(`${this.url}${path}`, { method, headers: { ...headers, ...length } }, (response) => {
        // Timers and answers come in any order when the machine is busy; the client would have hung up.
        if (performance.now() - begunMs > timeoutMs) reject(tooLate());
        received(response).then(resolve, reject);
      });
      request.setTimeout(timeoutMs, () => request.destroy(tooLate()));
      request.once('error', reject);
      request.end(body);
    });
  }
}

async function received(response: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const text = (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
  return { code: response.statusCode ?? 0, headers: response.headers, text };
}
