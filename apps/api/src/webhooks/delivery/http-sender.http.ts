import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import type { Clock } from '#events';
import { Forbidden } from './guard/forbidden.js';
import type { GuardedDial } from './guard/guarded-dial.driver.js';
import type { UrlPolicy } from './guard/url-policy.js';
import { PinnedAgent } from './pinned-agent.http.js';
import { readRetryAfter } from './retry-after.js';
import type { AttemptResult, Message, Sender, Target } from './sender.js';
import { signatureHeaders } from './sign.js';

/** One attempt, from the question for the address to the end of the answer. */
export const ATTEMPT_LIMIT_MS = 15_000;
/** How long the body of an answer may take once its code is known, and how much of it is read. */
const BODY_LIMIT_MS = 5_000;
const MAX_BODY_BYTES = 16 * 1024;
/** How much of it is told. */
const EXCERPT_BYTES = 1_024;
const USER_AGENT = 'Muster-Webhooks/1';
/** They belong to the connection, and the endpoint's own headers must not change them. */
const OURS =
  /^(host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|proxy-.*|content-(length|type)|webhook-.*)$/i;

export interface HttpSenderParts {
  readonly urls: Pick<UrlPolicy, 'refusal'>;
  readonly dial: Pick<GuardedDial, 'open' | 'check'>;
  readonly clock: Clock;
  readonly limitMs?: number;
}

/** What is known of an endpoint as long as its URL stays the same; what its name stands for is not. */
interface Pool {
  readonly text: string;
  readonly url: URL;
  readonly agent: PinnedAgent;
}

interface Answer {
  readonly status: number;
  readonly excerpt: string;
  readonly retryAfter: string | undefined;
}

/** Sends by HTTP/1.1, signed after Standard Webhooks. Redirects are not followed: they would lead to where nobody has looked. */
export class HttpSender implements Sender {
  private readonly pools = new Map<string, Pool>();

  constructor(private readonly parts: HttpSenderParts) {}

  async send(target: Target, message: Message): Promise<AttemptResult> {
    const { clock } = this.parts;
    const began = clock.now();
    const pool = this.poolFor(target);
    const request = excerptOf(pool, message);
    const told = (result: Pick<AttemptResult, 'outcome'> & Partial<AttemptResult>): AttemptResult => ({
      ...{ latencyMs: Math.max(0, clock.now() - began), request, response: '' },
      ...result,
    });
    try {
      if (typeof pool === 'string') return told({ outcome: 'refused', error: pool });
      const answer = await this.exchange(pool, target, message, began);
      return told(resultOf(answer, clock.now()));
    } catch (error) {
      return told({ outcome: error instanceof Forbidden ? 'refused' : 'failed', error: wordsOf(error) });
    }
  }

  forget(id: string): void {
    this.pools.get(id)?.agent.destroy();
    this.pools.delete(id);
  }

  close(): void {
    for (const id of [...this.pools.keys()]) this.forget(id);
  }

  private async exchange(pool: Pool, target: Target, message: Message, began: number): Promise<Answer> {
    const limitMs = this.parts.limitMs ?? ATTEMPT_LIMIT_MS;
    for (let again = false; ; again = true) {
      const request = this.open(pool, target, message);
      const left = limitMs - (this.parts.clock.now() - began);
      const alarm = this.parts.clock.after(left, () => request.destroy(new Error(`no answer within ${limitMs} ms`)));
      try {
        return await this.answerTo(request, message.body);
      } catch (error) {
        // The receiver closed a kept connection just as we took it: it has not read the request.
        if (again || !request.reusedSocket || !isClosed(error)) throw error;
      } finally {
        alarm.cancel();
      }
    }
  }

  private open({ url, agent }: Pool, target: Target, message: Message): ClientRequest {
    const own = Object.entries(target.headers).filter(([name]) => !OURS.test(name));
    return requestHttp({
      ...{ agent, method: 'POST', host: url.hostname, port: url.port, path: `${url.pathname}${url.search}` },
      headers: {
        'user-agent': USER_AGENT,
        ...Object.fromEntries(own),
        ...{ host: url.host, 'content-type': message.contentType, 'content-length': Buffer.byteLength(message.body) },
        ...signatureHeaders(message, target.secrets, this.parts.clock.now()),
      },
    });
  }

  /** Or why nothing may be sent there. The rules stay the same for as long as the process lives. */
  private poolFor({ id, url: text }: Target): Pool | string {
    const kept = this.pools.get(id);
    if (kept?.text === text) return kept;
    // Whoever still sends to the URL of before is not cut off by who knows the new one.
    kept?.agent.retire();
    this.pools.delete(id);
    const refusal = this.parts.urls.refusal(text);
    if (refusal !== undefined) return refusal;
    const url = new URL(text);
    const pool = { text, url, agent: new PinnedAgent(url, this.parts.dial, this.parts.clock) };
    this.pools.set(id, pool);
    return pool;
  }

  private answerTo(request: ClientRequest, body: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      request.on('error', reject);
      const closed = (): void => reject(new Error('the connection was closed without an answer'));
      request.once('close', closed);
      request.once('response', (response) => {
        request
          .off('error', reject)
          .off('close', closed)
          .on('error', () => undefined);
        const status = response.statusCode ?? 0;
        const retryAfter = response.headers['retry-after'];
        // The code is the answer; whatever becomes of its body is for the log alone.
        void this.excerptOf(response).then((excerpt) => resolve({ status, excerpt, retryAfter }));
      });
      request.end(body);
    });
  }

  private excerptOf(response: IncomingMessage): Promise<string> {
    return new Promise((resolve) => {
      const kept: Buffer[] = [];
      let bytes = 0;
      const done = (): void => {
        alarm.cancel();
        resolve(Buffer.concat(kept).subarray(0, EXCERPT_BYTES).toString('utf8'));
      };
      const cut = (): void => void response.destroy();
      const alarm = this.parts.clock.after(BODY_LIMIT_MS, cut);
      response.on('data', (chunk: Buffer) => {
        if (bytes < EXCERPT_BYTES) kept.push(chunk);
        bytes += chunk.length;
        if (bytes > MAX_BODY_BYTES) cut();
      });
      response.on('error', () => undefined);
      response.once('end', done).once('close', done);
    });
  }
}

function resultOf(
  { status, excerpt, retryAfter }: Answer,
  now: number,
): Pick<AttemptResult, 'outcome'> & Partial<AttemptResult> {
  if (status >= 200 && status <= 299) return { outcome: 'delivered', status, response: excerpt };
  const redirect = status >= 300 && status <= 399;
  const retryAfterMs = readRetryAfter(retryAfter, now);
  return {
    ...{ outcome: 'failed', status, response: excerpt },
    error: redirect ? `answers ${status}: redirects are not followed` : `answers ${status}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Without the query of the URL and without headers of the endpoint: both may be what the receiver lets us in by. */
function excerptOf(pool: Pool | string, { id, contentType, body }: Message): string {
  const to = typeof pool === 'string' ? '(nowhere)' : `${pool.url.origin}${pool.url.pathname}`;
  return `POST ${to}\nwebhook-id: ${id}\ncontent-type: ${contentType}\n${Buffer.byteLength(body)} bytes`;
}

const isClosed = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');

function wordsOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}
