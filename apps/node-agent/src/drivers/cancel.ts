import { DriverError } from './driver.js';

/** Throws `CANCELLED` once the caller has given up. */
export function throwIfCancelled(signal: AbortSignal, doing: string): void {
  if (signal.aborted) throw cancelled(signal, doing);
}

export function cancelled(signal: AbortSignal, doing: string): DriverError {
  return new DriverError('CANCELLED', `Cancelled while ${doing}.`, true, { cause: signal.reason });
}
