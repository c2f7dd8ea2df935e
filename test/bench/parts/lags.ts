import { quantile } from './figures.js';

/** How long after it was sent each event was seen somewhere, ms. Events that were not noted as sent are not counted. */
export class Lags {
  private readonly lags: number[] = [];
  /** Up to which sequence everything was seen. */
  at = 0;

  constructor(private readonly sentAt: ReadonlyMap<number, number>) {}

  /** One event was seen. */
  seen(sequence: number, at: number): void {
    const sent = this.sentAt.get(sequence);
    if (sent !== undefined) this.lags.push(at - sent);
  }

  /** All events up to this one were seen. */
  reached(sequence: number, at: number): void {
    for (let next = this.at + 1; next <= sequence; next++) this.seen(next, at);
    this.at = Math.max(this.at, sequence);
  }

  readonly quantile = (share: number): number => quantile(this.lags, share);
}
