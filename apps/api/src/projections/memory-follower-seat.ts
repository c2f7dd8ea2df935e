import type { FollowerSeat, HeldSeat } from './follower-seat.js';

/** One seat for the followers of one process that write the same. */
export class MemoryFollowerSeat implements FollowerSeat {
  private taken = false;

  async take(): Promise<HeldSeat | undefined> {
    if (this.taken) return undefined;
    this.taken = true;
    return { lost: new Promise(() => undefined), leave: async () => void (this.taken = false) };
  }
}
