import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet, MemberName } from '../support/fleet.js';
import type { Random } from '../simulation/random.js';

type Victim = Exclude<MemberName, 'second-api'>;

/** The more often it stands here, the more often it dies. */
const VICTIMS: readonly Victim[] = [
  ...(['api', 'api', 'scheduler', 'scheduler', 'scheduler', 'stand-by', 'stand-by', 'node-agent'] as const),
  ...(['nats', 'postgres'] as const),
];

const ASK_LIMIT_MS = 1_000;

/** Kills processes of a fleet and starts them again, by chance; tells what it did. */
export class Disorder {
  readonly history: string[] = [];
  /** When the agent was killed, and with it the simulated hosts; unix ms. */
  readonly agentDeaths: number[] = [];

  constructor(
    private readonly fleet: Fleet,
    private readonly random: Random,
  ) {}

  /** Goes on until `enough` is aborted. Afterwards everything runs. */
  async rage(enough: AbortSignal, pauseMs: readonly [number, number]): Promise<void> {
    while (!enough.aborted) {
      await pause(this.random.between(...pauseMs));
      await this.killOne(this.random.pick(VICTIMS) as Victim);
    }
  }

  /**
   * Freezes the control plane that has the lease for longer than the lease lasts, so that it wakes up deposed. Throws when no other one
   * has taken over meanwhile.
   */
  async freezeLeader(forMs: number): Promise<void> {
    const leader = await this.leader();
    if (leader === undefined) throw new Error('No control plane says that it is the leader');
    this.fleet.member(leader).freeze();
    try {
      await pause(forMs);
      const successor = await this.leader();
      this.history.push(`freeze ${leader} for ${forMs} ms; ${successor ?? 'nobody'} reigns`);
      if (successor === undefined) throw new Error(`Nobody has taken over from ${leader} within ${forMs} ms`);
    } finally {
      this.fleet.member(leader).thaw();
    }
  }

  /** The control plane that writes the log now, as its metrics say. */
  async leader(): Promise<'scheduler' | 'stand-by' | undefined> {
    for (const name of ['scheduler', 'stand-by'] as const) {
      const limit = AbortSignal.timeout(ASK_LIMIT_MS); // a frozen process accepts and never answers
      const text = await fetch(`${this.fleet.healthUrl(name)}/metrics`, { signal: limit }).then(
        (response) => response.text(),
        () => '',
      );
      if (/^muster_leader 1$/m.test(text)) return name;
    }
    return undefined;
  }

  private async killOne(name: Victim): Promise<void> {
    const downMs = this.random.between(0, 1_500);
    this.history.push(`kill ${name}, start it again after ${downMs} ms`);
    if (name === 'node-agent') this.agentDeaths.push(Date.now());
    await this.fleet.member(name).kill();
    await pause(downMs);
    await this.fleet.member(name).start();
  }
}
