import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { Alarm, Clock } from '#events';

/** How often connections that have become idle are closed while requests in flight finish. */
const SWEEP_MS = 100;

/** What a Node HTTP server offers, as far as it matters here. */
interface Drainable {
  closeIdleConnections(): void;
  closeAllConnections(): void;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Ends keep-alive connections as soon as they are idle, so that a shutdown takes as long as the requests in flight and no longer; and
 * cuts what is still busy when the time for a graceful end is over.
 */
export class HttpDrain implements BeforeApplicationShutdown {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly clock: Clock,
    private readonly graceMs: number,
  ) {}

  beforeApplicationShutdown(): void {
    const server = this.host.httpAdapter.getHttpServer() as Drainable;
    let next: Alarm | undefined;
    const sweep = () => {
      server.closeIdleConnections();
      next = this.clock.after(SWEEP_MS, sweep);
    };
    const cut = this.clock.after(this.graceMs, () => server.closeAllConnections());
    server.once('close', () => {
      next?.cancel();
      cut.cancel();
    });
    sweep();
  }
}
