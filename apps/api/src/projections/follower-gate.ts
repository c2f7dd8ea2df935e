import { type Clock, Unavailable } from '#events';
import type { ReadGate } from '../commands/ask.js';

/** Doors that wait at once; one more is told that we are busy. */
export const MAX_WAITING_DOORS = 50_000;

interface Waiter {
  readonly sequence: number;
  readonly pass: () => void;
}

/** How far the projection, or another follower of the log, is, as this replica knows, and who waits for it to get further. */
export class FollowerGate implements ReadGate {
  private sequence = 0;
  private readonly waiters = new Set<Waiter>();

  constructor(
    private readonly clock: Clock,
    private readonly what = 'projection',
  ) {}

  /** Somebody says that it has reached this sequence. Older news is ignored. */
  advance(sequence: number): void {
    if (sequence <= this.sequence) return;
    this.sequence = sequence;
    for (const waiter of this.waiters) {
      if (waiter.sequence <= sequence) waiter.pass();
    }
  }

  get reachedSequence(): number {
    return this.sequence;
  }

  async reached(sequence: number, timeoutMs: number): Promise<void> {
    if (sequence <= this.sequence) return;
    if (this.waiters.size >= MAX_WAITING_DOORS)
      throw new Unavailable('postgres', `${this.waiters.size} requests wait for the ${this.what} already`);
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        alarm.cancel();
        this.waiters.delete(waiter);
      };
      const waiter: Waiter = { sequence, pass: () => (leave(), resolve()) };
      const alarm = this.clock.after(timeoutMs, () => {
        leave();
        const message = `The ${this.what} stands at sequence ${this.sequence}: it did not reach ${sequence} within ${timeoutMs} ms`;
        reject(new Unavailable('postgres', message));
      });
      this.waiters.add(waiter);
    });
  }
}
