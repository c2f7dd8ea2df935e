import type { Alarm, Clock } from '#events';
import type { Step } from './next-step.js';

/** Holds a step back that failed, longer each time; any other step may go ahead meanwhile. */
export class Backoff {
  #step: Step | undefined;
  #pauseMs = 0;
  #alarm: Alarm | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly firstMs: number,
    private readonly lastMs: number,
  ) {}

  holds(step: Step): boolean {
    return this.#alarm !== undefined && this.#step === step;
  }

  failed(step: Step, again: () => void): void {
    this.#pauseMs = this.#step === step ? Math.min(this.lastMs, this.#pauseMs * 2) : this.firstMs;
    this.#step = step;
    this.#alarm?.cancel();
    this.#alarm = this.clock.after(this.#pauseMs, () => {
      this.#alarm = undefined;
      again();
    });
  }

  reset(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#step = undefined;
  }
}
