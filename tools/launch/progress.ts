/** A step that takes longer than this is announced before it is done. */
const ANNOUNCE_AFTER_MS = 1_000;
const WIDTH = 58;

/** Writes one line. */
export type Say = (line: string) => void;

/** The steps of a start or a stop, told one line each, with how long each took. */
export class Progress {
  constructor(
    readonly say: Say,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Runs a step. What it returns may say more than its name did. */
  async step<T>(name: string, run: () => Promise<T>, outcome: (result: T) => string = () => name): Promise<T> {
    const begun = this.now();
    const announcement = setTimeout(() => this.say(`  … ${name}`), ANNOUNCE_AFTER_MS);
    try {
      const result = await run();
      const seconds = ((this.now() - begun) / 1000).toFixed(2);
      this.say(`  ✓ ${outcome(result).padEnd(WIDTH)} ${seconds.padStart(7)} s`);
      return result;
    } catch (cause) {
      this.say(`  ✗ ${name}`);
      throw cause;
    } finally {
      clearTimeout(announcement);
    }
  }
}
