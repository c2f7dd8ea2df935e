import { logTail } from '../services/log-tail.js';
import type { Progress } from './progress.js';
import { RESTARTS, Supervised, type RestartPolicy, type Running } from './supervised.js';

/** In this order they are stopped, so that nobody loses what he still needs. */
export const STOP_ORDER = ['api', 'scheduler', 'node-agent', 'NATS', 'Postgres'] as const;
export type MemberName = (typeof STOP_ORDER)[number];

/** All processes of one installation. */
export class Fleet {
  readonly #members = new Map<MemberName, Supervised>();
  #giveUp: (cause: Error) => void = () => undefined;
  /** Settles with the reason when a member is given up after too many crashes. */
  readonly failed = new Promise<Error>((resolve) => (this.#giveUp = resolve));

  constructor(
    private readonly progress: Progress,
    private readonly restarts: RestartPolicy = RESTARTS,
  ) {}

  /** Starts a member and keeps it running. What it last wrote into its log is told should it be given up. */
  async add(name: MemberName, logFile: string, begin: () => Promise<Running>): Promise<void> {
    const member = new Supervised(
      name,
      begin,
      this.progress.say,
      (cause) => this.#giveUp(new Error(`${cause.message}. Its log ends:\n${logTail(logFile)}`, { cause })),
      this.restarts,
    );
    await member.start();
    this.#members.set(name, member);
  }

  /** True while nothing has been started. */
  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** Stops all members, one after the other. One that cannot be stopped does not keep the others; its error is thrown last. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (const name of STOP_ORDER) {
      const member = this.#members.get(name);
      if (member === undefined) continue;
      await this.progress.step(`Stopped ${name}`, () => member.stop()).catch((cause: unknown) => failures.push(cause));
    }
    this.#members.clear();
    if (failures.length > 0) throw failures[0];
  }
}
