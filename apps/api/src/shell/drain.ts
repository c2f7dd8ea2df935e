import type { Alarm, Clock } from '#events';

/** How often connections that have become idle are closed while requests in flight finish. */
const SWEEP_MS = 100;

/** What a Node HTTP server offers, as far as it matters here. */
export interface Drainable {
  closeIdleConnections(): void;
  closeAllConnections(): void;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Until the server is closed: ends keep-alive connections as soon as they are idle, so that a shutdown takes as long as the requests in
 * flight and no longer; and cuts what is still busy when the time for a graceful end is over.
 */
export function drain(server: Drainable, clock: Clock, graceMs: number): void {
  let next: Alarm | undefined;
  const sweep = () => {
    server.closeIdleConnections();
    next = clock.after(SWEEP_MS, sweep);
  };
  const cut = clock.after(graceMs, () => server.closeAllConnections());
  server.once('close', () => {
    next?.cancel();
    cut.cancel();
  });
  sweep();
}
