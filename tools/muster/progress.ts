import { systemClock } from '../../libs/events/src/index.js';

const TELL_EVERY_MS = 2_000;

export type Say = (line: string) => void;

/** One line every now and then: how far, how fast. */
export class Progress {
  private readonly began = systemClock.now();
  private told = this.began;
  events = 0;

  constructor(
    private readonly doing: string,
    private readonly say: Say,
  ) {}

  note(): void {
    this.events++;
    const now = systemClock.now();
    if (now - this.told < TELL_EVERY_MS) return;
    this.told = now;
    this.say(`${this.doing}: ${this.events} events, ${this.perSecond()} events/s`);
  }

  perSecond(): number {
    return Math.round((1000 * this.events) / Math.max(1, systemClock.now() - this.began));
  }
}
