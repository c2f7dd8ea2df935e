import type { Clock } from '#events';
import type { MemoryNats, Network } from '#events/testing';
import type { SimulatedProcess } from './processes.js';
import type { Random } from './random.js';

/** A network that dawdles and loses while `isRough` says so, and is merely not instant otherwise. */
export function roughNetwork(random: Random, isRough: () => boolean): Network {
  return ({ kind }) => {
    if (!isRough()) return 1;
    if (kind !== 'request' && random.chance(0.02)) return 'lost';
    if (kind === 'request' && random.chance(0.01)) return 'lost';
    return random.chance(0.05) ? random.between(50, 3000) : random.between(1, 30);
  };
}

/** Faults at random moments, until the calm begins. Each fault ends by itself, so that a world can recover from all of them. */
export class Chaos {
  private over = false;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly nats: MemoryNats,
    private readonly processes: readonly SimulatedProcess[],
  ) {}

  get isOver(): boolean {
    return this.over;
  }

  async run(forMs: number, everyMs: number): Promise<void> {
    const end = this.clock.now() + forMs;
    while (this.clock.now() < end) {
      await this.clock.sleep(this.random.between(1, 2 * everyMs));
      void this.strike();
    }
    this.calm();
  }

  /** Everything is up and connected from now on. */
  private calm(): void {
    this.over = true;
    this.nats.start();
    for (const process of this.processes) {
      if (!process.isUp) process.start();
      process.link.heal();
    }
  }

  private async strike(): Promise<void> {
    const process = this.random.pick(this.processes);
    if (process === undefined || !process.isUp) return;
    const roll = this.random.next();
    if (roll < 0.5) return this.killFor(process, this.random.between(1, 20_000));
    if (roll < 0.9) return this.cutFor(process, this.random.between(100, 15_000));
    return this.serverAwayFor(this.random.between(100, 5000));
  }

  private async killFor(process: SimulatedProcess, ms: number): Promise<void> {
    process.kill();
    await this.clock.sleep(ms);
    if (!process.isUp) process.start();
  }

  private async cutFor(process: SimulatedProcess, ms: number): Promise<void> {
    process.link.cut();
    await this.clock.sleep(ms);
    process.link.heal();
  }

  private async serverAwayFor(ms: number): Promise<void> {
    this.nats.stop();
    await this.clock.sleep(ms);
    this.nats.start();
  }
}
