import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer, type ServerOptions } from 'node:https';
import type { Alarm, Clock, ListenAddress } from '#events';
import { drain } from './drain.js';
import { LONGEST_HEADER_BYTES, cameThrough } from './listener.js';
import type { Log } from './log.js';

/** How often a listener whose address is taken tries again: whoever has it may be a predecessor about to end. */
export const LISTEN_AGAIN_MS = 5_000;

export interface SideListenerParts {
  /** By which routes name this listener. */
  readonly name: string;
  readonly at: ListenAddress;
  readonly clock: Clock;
  readonly log: Log;
  readonly graceMs: number;
}

/**
 * A listener beside the main one, with an address of its own. What comes through it is answered by the same application, but only by the
 * routes that name this listener. An address that is taken does not keep the others from opening.
 */
export class SideListener {
  private server: Server | TlsServer | undefined;
  private tls: ServerOptions | undefined;
  private again: Alarm | undefined;
  private ending: Promise<void> | undefined;

  constructor(private readonly parts: SideListenerParts) {}

  /** Where it listens; undefined while it does not. */
  get address(): ListenAddress | undefined {
    const bound = this.server?.address();
    return typeof bound === 'object' && bound !== null ? { host: this.parts.at.host, port: bound.port } : undefined;
  }

  get scheme(): 'http' | 'https' {
    return this.tls === undefined ? 'http' : 'https';
  }

  /**
   * Hands what comes to `main`, which answers; with `tls` it speaks nothing else. Resolves when it listens, or will try again later.
   */
  async open(main: Pick<Server, 'emit'>, tls?: ServerOptions): Promise<void> {
    const { name, at, clock, log } = this.parts;
    this.tls = tls;
    try {
      this.server = await this.listen(main);
      log.info('listens', { listener: name, ...this.address });
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const reason = code === 'EADDRINUSE' ? 'the port is taken by another process' : message;
      log.error('cannot listen; tries again', { listener: name, ...at, reason, inMs: LISTEN_AGAIN_MS });
      if (this.ending === undefined) this.again = clock.after(LISTEN_AGAIN_MS, () => void this.open(main, tls));
    }
  }

  /** Begins the end: takes nothing new, and lets what is in flight finish. */
  beforeApplicationShutdown(): void {
    this.again?.cancel();
    const { server } = this;
    this.ending ??= new Promise((resolve) => {
      if (server === undefined) return resolve();
      server.close(() => resolve());
      drain(server, this.parts.clock, this.parts.graceMs);
    });
  }

  /** Resolves when nothing is in flight any more. */
  async closed(): Promise<void> {
    this.beforeApplicationShutdown();
    await this.ending;
  }

  private async listen(main: Pick<Server, 'emit'>): Promise<Server | TlsServer> {
    const { name, at } = this.parts;
    const handOn: RequestListener = (request, response) => {
      cameThrough(request, name);
      main.emit('request', request, response);
    };
    const limits = { maxHeaderSize: LONGEST_HEADER_BYTES };
    const server =
      this.tls === undefined ? createServer(limits, handOn) : createTlsServer({ ...limits, ...this.tls }, handOn);
    // What cannot be read as a request is answered by the main server, too: ours would only hang up.
    server.on('clientError', (error, socket) => main.emit('clientError', error, socket));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(at.port, at.host, resolve));
    return server;
  }
}
