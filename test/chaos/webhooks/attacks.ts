import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet, MemberName } from '../../support/fleet.js';
import type { Random } from '../../simulation/random.js';

const REPLICAS = ['api', 'second-api'] as const;
/** Longer than a replica has its endpoints without renewing: another one takes over, and this one wakes up too late. */
const FREEZE_MS = 13_000;
const DATABASE_AWAY_MS: readonly [number, number] = [300, 3_000];

/** What is done to the processes behind the webhooks. */
export class Attacks {
  readonly history: string[] = [];

  constructor(
    private readonly fleet: Fleet,
    private readonly random: Random,
  ) {}

  /** Goes on until `enough` is aborted; afterwards everything runs. */
  async go(enough: AbortSignal, pauseMs: readonly [number, number]): Promise<void> {
    while (!enough.aborted) {
      await pause(this.random.between(...pauseMs));
      if (enough.aborted) return;
      const draw = this.random.next();
      if (draw < 0.15) await this.restartDatabase();
      else if (draw < 0.3) await this.freeze(this.oneReplica());
      else if (draw < 0.4) await this.restart('scheduler', 0);
      else if (draw < 0.45) await this.restart('nats', 0);
      else await this.restart(this.oneReplica(), this.random.between(0, 1_500));
    }
  }

  async restartDatabase(): Promise<void> {
    await this.restart('postgres', this.random.between(...DATABASE_AWAY_MS));
  }

  /** Both replicas believe that the endpoints are theirs, for a moment. */
  async freeze(name: MemberName): Promise<void> {
    this.history.push(`freeze ${name} for ${FREEZE_MS} ms`);
    const member = this.fleet.member(name);
    member.freeze();
    await pause(FREEZE_MS);
    member.thaw();
  }

  private async restart(name: MemberName, awayMs: number): Promise<void> {
    this.history.push(`kill ${name}, away for ${awayMs} ms`);
    const member = this.fleet.member(name);
    if (member.isRunning) await member.kill();
    await pause(awayMs);
    await member.start();
  }

  private oneReplica(): MemberName {
    return this.random.pick(REPLICAS) ?? 'api';
  }
}
