import type { Clock } from '#events';

/** After a fault: first and longest pause. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Work that is asked for again and again, and done once for all who asked meanwhile: never twice at a time, `gapMs` after it was asked
 * for, and again after a pause when it failed.
 */
export class Errand {
  private wanted = false;
  private running: Promise<void> | undefined;
  private readonly stopped = new AbortController();

  constructor(
    private readonly parts: {
      readonly work: () => Promise<void>;
      readonly clock: Pick<Clock, 'sleep'>;
      readonly gapMs: number;
      readonly onFault: (error: unknown) => void;
    },
  ) {}

  ask(): void {
    this.wanted = true;
    if (!this.stopped.signal.aborted) this.running ??= this.go();
  }

  /** Does nothing more, and resolves when what is being done has ended. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async go(): Promise<void> {
    const { work, clock, gapMs, onFault } = this.parts;
    const { signal } = this.stopped;
    for (let faults = 0; this.wanted && !signal.aborted;) {
      const pauseMs = faults === 0 ? gapMs : Math.min(FIRST_PAUSE_MS * 2 ** (faults - 1), LONGEST_PAUSE_MS);
      await clock.sleep(pauseMs, signal).catch(() => undefined);
      if (signal.aborted) break;
      this.wanted = false;
      try {
        await work();
        faults = 0;
      } catch (error) {
        this.wanted = true;
        faults += 1;
        onFault(error);
      }
    }
    this.running = undefined;
  }
}
