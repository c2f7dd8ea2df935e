export interface UnbrokenParts<T> {
  /** The sequence that comes next. */
  readonly upcoming: () => number;
  /** Takes the next message, which moves `upcoming`. */
  readonly pass: (message: T) => void;
  /** Asks why there is none: undefined when it is a hole, which nobody will ever fill. */
  readonly whyMissing: () => Promise<Error | undefined>;
  /** Called once when nothing may be passed on any more, or nobody could say. */
  readonly onEnd: (reason: string | Error) => void;
}

/**
 * Passes on the messages of a stream, without ever passing over one that was cut off before it was read: the server does so without a word.
 * Where sequences are missing, what comes behind is held back until the stream has said whether it still begins before them.
 */
export class Unbroken<T extends { readonly sequence: number }> {
  private readonly held: T[] = [];
  private stopped = false;

  constructor(private readonly parts: UnbrokenParts<T>) {}

  /** Messages that wait for an answer. */
  get waiting(): number {
    return this.held.length;
  }

  take(message: T): void {
    if (this.held.length === 0 && message.sequence <= this.parts.upcoming()) return this.parts.pass(message);
    if (this.held.push(message) === 1) void this.look();
  }

  stop(): void {
    this.stopped = true;
  }

  private async look(): Promise<void> {
    const { held } = this;
    while (held.length > 0) {
      // Of what comes while we ask, the answer may say nothing.
      const count = held.length;
      const reason = await this.parts
        .whyMissing()
        .catch((cause: unknown) => (cause instanceof Error ? cause.message : String(cause)));
      if (this.stopped) return;
      if (reason !== undefined) return this.parts.onEnd(reason);
      held.splice(0, count).forEach((message) => this.parts.pass(message));
      const gap = held.findIndex(({ sequence }, n) => sequence !== this.parts.upcoming() + n);
      held.splice(0, gap < 0 ? held.length : gap).forEach((message) => this.parts.pass(message));
    }
  }
}
