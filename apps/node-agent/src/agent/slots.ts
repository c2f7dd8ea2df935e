/** A number of places, given in the order of asking. */
export class Slots {
  readonly #queue: (() => void)[] = [];
  #taken = 0;

  constructor(private readonly count: number) {}

  get waiting(): number {
    return this.#queue.length;
  }

  /** Waits for a place; call the result to give it back. Rejects with the signal's reason. */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken < this.count) this.#taken++;
    else await this.#turn(signal);
    let held = true;
    return () => {
      if (held) this.#giveBack();
      held = false;
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.push(enter);
    });
  }

  /** The place passes to the next in line without becoming free in between. */
  #giveBack(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#taken--;
    else next();
  }
}
