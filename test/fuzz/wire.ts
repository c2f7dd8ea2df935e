import { Agent, request as httpRequest } from 'node:http';
import { bytesOf } from './bodies.js';
import type { Request } from './requests.js';
import { type Kind, PLACEHOLDER } from './values.js';

const REQUEST_LIMIT_MS = 30_000;

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Ids that there are, by kind. */
export type Known = Readonly<Record<Kind, readonly string[]>>;

/** Sends requests as they are, however odd, over a few connections. */
export class Wire {
  private readonly agent: Agent;
  private readonly base: URL;

  constructor(url: string, connections: number) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.base = new URL(url);
  }

  /** As clients do, once more when the server closed the connection just then. Throws when there is no answer at all. */
  async send(request: Request, known: Known): Promise<Reply> {
    try {
      return await this.sendOnce(request, known);
    } catch (cause) {
      if (!/ECONNRESET|EPIPE|hang up/.test((cause as Error).message)) throw cause;
      return this.sendOnce(request, known);
    }
  }

  private sendOnce({ method, url, headers, body }: Request, known: Known): Promise<Reply> {
    const bytes = body === undefined ? undefined : filledBytes(bytesOf(body), known);
    const length = bytes === undefined ? {} : { 'content-length': String(bytes.length) };
    const options = {
      ...{ agent: this.agent, host: this.base.hostname, port: this.base.port, method, path: filled(url, known) },
      ...{ headers: { ...headers, ...length }, timeout: REQUEST_LIMIT_MS },
    };
    return new Promise((resolve, reject) => {
      const sent = httpRequest(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: answered } = response;
          const contentType = answered['content-type'] ?? '';
          resolve({ status, contentType, headers: answered, text: Buffer.concat(chunks).toString('utf8') });
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`No answer within ${REQUEST_LIMIT_MS} ms`)));
      sent.on('error', reject);
      sent.end(bytes);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** The text with ids instead of their placeholders. */
function filled(text: string, known: Known): string {
  return text.replace(PLACEHOLDER, (_, kind: string, n: string) => {
    const ids = known[kind as Kind] ?? [];
    return ids[Number(n) % ids.length] ?? `no-${kind}-${n}`;
  });
}

const OPEN = Buffer.from('{{');

/** Only what has a placeholder is read as text: bytes may be none. */
function filledBytes(bytes: Uint8Array, known: Known): Uint8Array {
  const buffer = Buffer.from(bytes);
  return buffer.length < 10_000 && buffer.includes(OPEN) ? Buffer.from(filled(buffer.toString('utf8'), known)) : bytes;
}
