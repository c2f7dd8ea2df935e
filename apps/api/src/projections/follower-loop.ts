import { type Clock, LogCut, Unavailable } from '#events';
import type { FollowerSeat, HeldSeat } from './follower-seat.js';
import { Mismatch, Overtaken } from './follower-ends.js';

/** How often a replica without the seat looks whether it is free. */
export const SEAT_CHECK_MS = 1_000;
/** After a fault: first and longest pause. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A seat whose connection hangs is left to the database to free. */
const LEAVE_LIMIT_MS = 2_000;
/** How often something that does not fit its log is looked at again: an operator may have replaced it. */
export const MISMATCH_PAUSE_MS = 5_000;

/** `following`: another replica has the seat. `stopped`: an operator must act; `message` says how. */
export interface FollowerState {
  readonly name: 'starting' | 'projecting' | 'following' | 'retrying' | 'stopped';
  readonly message?: string;
}

/** Keeps one follower of the log going, of all in the fleet: takes the seat when it is free, and starts anew after faults. */
export class FollowerLoop {
  private current: FollowerState = { name: 'starting' };
  private pauseMs = FIRST_PAUSE_MS;

  constructor(
    private readonly follower: { run(signal: AbortSignal): Promise<void> },
    private readonly seat: FollowerSeat,
    private readonly clock: Clock,
    private readonly onState: (state: FollowerState) => void,
  ) {}

  get state(): FollowerState {
    return this.current;
  }

  /** Returns when the signal is given and the last batch is written. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = await this.once(signal);
      if (pauseMs > 0) await this.clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  /** One turn on the seat. Returns how long to wait before the next. */
  private async once(signal: AbortSignal): Promise<number> {
    let held: HeldSeat | undefined;
    try {
      held = await this.seat.take();
      if (held === undefined) {
        this.enter({ name: 'following' });
        return SEAT_CHECK_MS;
      }
      await this.follow(held, signal);
      return signal.aborted ? 0 : FIRST_PAUSE_MS;
    } catch (error) {
      return this.afterFailure(error);
    } finally {
      if (held !== undefined) await this.leave(held);
    }
  }

  private async follow(held: HeldSeat, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const end = () => stop.abort();
    signal.addEventListener('abort', end, { once: true });
    void held.lost.then(end);
    try {
      if (signal.aborted) return;
      this.enter({ name: 'projecting' });
      await this.follower.run(stop.signal);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  private async leave(held: HeldSeat): Promise<void> {
    let giveUp: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (giveUp = resolve));
    const alarm = this.clock.after(LEAVE_LIMIT_MS, giveUp);
    await Promise.race([held.leave().catch(() => undefined), late]);
    alarm.cancel();
  }

  private afterFailure(error: unknown): number {
    if (error instanceof Overtaken) return 0;
    if (error instanceof Mismatch || error instanceof LogCut) {
      this.enter({ name: 'stopped', message: error.message });
      return MISMATCH_PAUSE_MS;
    }
    const message = error instanceof Error ? error.message : String(error);
    this.enter({ name: error instanceof Unavailable ? 'retrying' : 'stopped', message });
    const pauseMs = this.pauseMs;
    this.pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    return pauseMs;
  }

  /** A commit is the proof that all is well again. */
  committed(): void {
    this.pauseMs = FIRST_PAUSE_MS;
    this.enter({ name: 'projecting' });
  }

  private enter(state: FollowerState): void {
    if (state.name === this.current.name && state.message === this.current.message) return;
    this.current = state;
    this.onState(state);
  }
}
