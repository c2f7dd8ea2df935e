import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet, MemberName } from '../../support/fleet.js';
import type { Random } from '../../simulation/random.js';

const REPLICAS = ['api', 'second-api'] as const;
/** Longer than a replica has its endpoints without renewing: another one takes over, and this one wakes up too late. */
const FREEZE_MS = 13_000;
const DATABASE_AWAY_MS: readonly [number, number] = [300, 3_000];

/** Kinds of attacks, and how likely each is. */
const KINDS = { database: 0.15, freeze: 0.15, scheduler: 0.1, nats: 0.05, replica: 0.55 } as const;
type Kind = keyof typeof KINDS;

/** What is done to the processes behind the webhooks. */
export class Attacks {
  readonly history: string[] = [];
  /** Of each kind one comes before any comes again. */
  private readonly due = new Set(Object.keys(KINDS) as Kind[]);

  constructor(
    private readonly fleet: Fleet,
    private readonly random: Random,
  ) {}

  /** There was one of each kind. */
  get isRoundDone(): boolean {
    return this.due.size === 0;
  }

  /** Goes on until `enough` is aborted; afterwards everything runs. */
  async go(enough: AbortSignal, pauseMs: readonly [number, number]): Promise<void> {
    while (!enough.aborted) {
      await pause(this.random.between(...pauseMs));
      if (enough.aborted) return;
      await this.attack(this.nextKind());
    }
  }

  private nextKind(): Kind {
    const kind = this.random.pick([...this.due]) ?? this.oneOfAll();
    this.due.delete(kind);
    return kind;
  }

  private oneOfAll(): Kind {
    let left = this.random.next();
    const found = Object.entries(KINDS).find(([, share]) => (left -= share) < 0);
    return (found?.[0] ?? 'replica') as Kind;
  }

  private async attack(kind: Kind): Promise<void> {
    switch (kind) {
      case 'database':
        return this.restartDatabase();
      case 'freeze':
        return this.freeze(this.oneReplica());
      case 'replica':
        return this.restart(this.oneReplica(), this.random.between(0, 1_500));
      default:
        return this.restart(kind, 0);
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
