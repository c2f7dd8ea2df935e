import { setTimeout as pause } from 'node:timers/promises';
import { describeExit, type Exit } from '../services/daemon.js';
import type { Say } from './progress.js';

/** A process that was started. */
export interface Running {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
}

/** How a crashed process is started again. */
export interface RestartPolicy {
  readonly firstPauseMs: number;
  /** Each pause is twice the one before, up to this. */
  readonly longestPauseMs: number;
  /** A process that ran this long is healthy: the count of its crashes begins anew. */
  readonly healthyAfterMs: number;
  /** After so many crashes in a row it is given up. */
  readonly mostInARow: number;
}

export const RESTARTS: RestartPolicy = {
  firstPauseMs: 500,
  longestPauseMs: 30_000,
  healthyAfterMs: 60_000,
  mostInARow: 6,
};

/** Keeps one process running: starts it again after a crash, more and more slowly, and gives it up in the end. */
export class Supervised {
  readonly #stopping = new AbortController();
  #running: Running | undefined;
  #watch: Promise<void> | undefined;

  constructor(
    readonly name: string,
    private readonly begin: () => Promise<Running>,
    private readonly say: Say,
    /** Told once, when the process is given up. */
    private readonly onGivenUp: (cause: Error) => void,
    private readonly policy: RestartPolicy = RESTARTS,
  ) {}

  get pid(): number | undefined {
    return this.#running?.pid;
  }

  /** Starts it for the first time; a failure of that is thrown, not tried again. */
  async start(): Promise<void> {
    this.#running = await this.begin();
    this.#watch = this.watch(this.#running);
  }

  /** Ends it for good and waits until it is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#watch;
    await this.#running?.stop();
  }

  private async watch(first: Running): Promise<void> {
    let running: Running | undefined = first;
    for (let crashes = 0; running !== undefined;) {
      const since = Date.now();
      const exit = await this.endOf(running);
      if (exit === undefined) return;
      crashes = Date.now() - since >= this.policy.healthyAfterMs ? 1 : crashes + 1;
      running = await this.startAgain(describeExit(exit), crashes);
    }
  }

  /** How it ended by itself; undefined when this is being stopped. */
  private async endOf(running: Running): Promise<Exit | undefined> {
    const { signal } = this.#stopping;
    if (signal.aborted) return undefined;
    let stopped: () => void = () => undefined;
    const asked = new Promise<undefined>((resolve) => {
      stopped = () => resolve(undefined);
      signal.addEventListener('abort', stopped, { once: true });
    });
    const exit = await Promise.race([running.exited, asked]);
    signal.removeEventListener('abort', stopped);
    return signal.aborted ? undefined : exit;
  }

  private async startAgain(what: string, crashes: number): Promise<Running | undefined> {
    const { firstPauseMs, longestPauseMs, mostInARow } = this.policy;
    if (crashes > mostInARow) {
      this.onGivenUp(new Error(`${this.name} ${what}, ${crashes} times in a row: it is not started again`));
      return undefined;
    }
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (crashes - 1));
    this.say(`  ! ${this.name} ${what}; started again in ${pauseMs / 1000} s (${crashes} of ${mostInARow})`);
    const { signal } = this.#stopping;
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    try {
      this.#running = await this.begin();
      return this.#running;
    } catch (cause) {
      return this.startAgain(`cannot be started (${(cause as Error).message})`, crashes + 1);
    }
  }
}
