import type { Exit } from '../../tools/services/daemon.js';

/** A process that was started. */
export interface Begun {
  readonly pid: number;
  readonly exited: Promise<Exit>;
}

/** How long a process may take to be gone after SIGKILL, or to drain after SIGTERM. */
const GONE_LIMIT_MS = 30_000;

/** One process of a fleet, which a test can end, freeze and start again. */
export class Member {
  private running: Begun | undefined;
  private frozen = false;

  constructor(
    readonly name: string,
    readonly logFile: string,
    private readonly begin: () => Promise<Begun>,
  ) {}

  /** Process id of the present run. Throws when it does not run. */
  get pid(): number {
    if (this.running === undefined) throw new Error(`${this.name} does not run`);
    return this.running.pid;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  async start(): Promise<void> {
    if (this.running !== undefined) throw new Error(`${this.name} runs already (pid ${this.running.pid})`);
    const begun = await this.begin();
    this.running = begun;
    void begun.exited.then(() => {
      if (this.running === begun) this.running = undefined;
    });
  }

  /** Ends it without a word, and waits until it is gone. */
  kill(): Promise<Exit> {
    return this.end('SIGKILL');
  }

  /** Asks it to end, and waits until it has. */
  terminate(): Promise<Exit> {
    return this.end('SIGTERM');
  }

  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
    this.frozen = true;
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
    this.frozen = false;
  }

  /** Whatever state it is in: afterwards it does not run. */
  async finish(): Promise<void> {
    if (this.running === undefined) return;
    if (this.frozen) this.thaw();
    await this.terminate().catch(() => this.kill());
  }

  private async end(signal: NodeJS.Signals): Promise<Exit> {
    const { running } = this;
    if (running === undefined) throw new Error(`${this.name} does not run`);
    process.kill(running.pid, signal);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), GONE_LIMIT_MS)));
    const exit = await Promise.race([running.exited, late]);
    clearTimeout(timer);
    if (exit === undefined) throw new Error(`${this.name} is still there ${GONE_LIMIT_MS} ms after ${signal}`);
    this.running = undefined;
    this.frozen = false;
    return exit;
  }
}
