import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Alarm, Clock } from '#events';
import { MOST_AT_ONCE } from './deliver-batch.js';
import type { Sink } from './courier.js';

export interface HttpSinkOptions {
  /** May have a user and a password, which go into a header and nowhere else. */
  readonly url: string;
  /** For the whole of one request. */
  readonly requestMs: number;
  readonly dialMs: number;
  readonly tlsHandshakeMs: number;
  readonly skipTlsVerification: boolean;
}

/** One record per POST, as JSON; any 2xx means that it was taken. Redirects are not followed: they would lead the records elsewhere. */
export class HttpSink implements Sink {
  private readonly agent: HttpAgent;
  private readonly url: URL;

  constructor(
    private readonly options: HttpSinkOptions,
    private readonly clock: Clock,
  ) {
    this.url = new URL(options.url);
    const pool = { keepAlive: true, maxSockets: MOST_AT_ONCE };
    this.agent = this.isTls
      ? new HttpsAgent({ ...pool, rejectUnauthorized: !options.skipTlsVerification })
      : new HttpAgent(pool);
  }

  /** Host and port, for messages. */
  get shown(): string {
    return this.url.host;
  }

  private get isTls(): boolean {
    return this.url.protocol === 'https:';
  }

  async send(text: string): Promise<void> {
    const code = await new Promise<number>((resolve, reject) => {
      const request = (this.isTls ? requestHttps : requestHttp)(this.url, {
        method: 'POST',
        agent: this.agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      });
      this.limit(request);
      request.once('error', reject);
      request.once('response', (response: IncomingMessage) => {
        // What the sink says beyond its code is nobody's business; what does not end is cut by the limit of the request.
        response.on('error', () => undefined).resume();
        resolve(response.statusCode ?? 0);
      });
      request.end(text);
    }).catch((cause: Error) => {
      throw new Error(`${this.shown}: ${cause.message || (cause as NodeJS.ErrnoException).code}`, { cause });
    });
    if (code < 200 || code > 299) throw new Error(`${this.shown} answers ${code}`);
  }

  close(): void {
    this.agent.destroy();
  }

  private limit(request: ClientRequest): void {
    const { requestMs, dialMs, tlsHandshakeMs } = this.options;
    const after = (ms: number, what: string): Alarm =>
      this.clock.after(ms, () => request.destroy(new Error(`${what} within ${ms} ms`)));
    const whole = after(requestMs, 'no answer');
    let step: Alarm | undefined;
    request.once('close', () => {
      whole.cancel();
      step?.cancel();
    });
    request.once('socket', (socket) => {
      if (!socket.connecting) return;
      step = after(dialMs, 'no connection');
      socket.once('connect', () => {
        step?.cancel();
        if (this.isTls) step = after(tlsHandshakeMs, 'no TLS handshake');
      });
      socket.once('secureConnect', () => step?.cancel());
    });
  }
}
