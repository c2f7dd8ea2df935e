import type { Agenda } from './agenda.js';

/** Somebody who waits for a template, and is told when it is here. */
export interface PullWaiter {
  readonly arrived: () => void;
}

interface Pull {
  readonly key: string;
  readonly bytes: number;
  readonly waiters: Set<PullWaiter>;
}

/** One pull at a time, the others behind it in the order in which they were first wanted. Nobody waiting: given up. */
export class PullLine {
  private readonly line: Pull[] = [];
  private current: Pull | undefined;

  constructor(
    private readonly agenda: Agenda,
    private readonly bytesPerSecond: number,
    private readonly pulled: (key: string) => void,
  ) {}

  wait(key: string, bytes: number, waiter: PullWaiter): void {
    const known = this.current?.key === key ? this.current : this.line.find((pull) => pull.key === key);
    if (known !== undefined) return void known.waiters.add(waiter);
    this.line.push({ key, bytes, waiters: new Set([waiter]) });
    this.next();
  }

  leave(waiter: PullWaiter): void {
    for (const pull of this.line) pull.waiters.delete(waiter);
    if (this.current?.waiters.delete(waiter) !== true || this.current.waiters.size > 0) return;
    this.current = undefined;
    this.next();
  }

  /** The power went: nothing of what was under way is kept. */
  reset(): void {
    this.line.length = 0;
    this.current = undefined;
  }

  private next(): void {
    while (this.current === undefined) {
      const pull = this.line.shift();
      if (pull === undefined) return;
      if (pull.waiters.size > 0) this.begin(pull);
    }
  }

  private begin(pull: Pull): void {
    this.current = pull;
    this.agenda.in((pull.bytes / this.bytesPerSecond) * 1000, () => {
      if (this.current !== pull) return;
      this.current = undefined;
      this.pulled(pull.key);
      for (const waiter of pull.waiters) waiter.arrived();
      this.next();
    });
  }
}
