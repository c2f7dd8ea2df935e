export type Dependency = 'nats' | 'postgres' | 'control-plane' | 'blob-store' | 'identity-provider';

/** Something we need is away. Nothing was decided; the same request may be made again. Doors answer 503. */
export class Unavailable extends Error {
  constructor(
    readonly dependency: Dependency,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Unavailable';
  }
}

/** Another control plane writes the log: this one must stop at once and follow. */
export class Deposed extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Deposed';
  }
}

/** Bytes that are no message of ours. */
export class Undecodable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Undecodable';
  }
}

/** What is asked for was cut off the log long ago (ADR 0025). Only what is read from the very beginning can be had. */
export class LogCut extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LogCut';
  }
}
