import type { Command } from '#domain';
import { type Clock, type CommandDoor, Unavailable } from '#events';
import type { Ledger } from './ledger.js';
import type { Random } from './random.js';

/** How long a client waits before it sends an unanswered request again, ms. */
const RETRY_MS = 700;

export interface ClientPlan {
  readonly name: string;
  readonly requests: number;
  /** Requests are spread over this time. */
  readonly overMs: number;
  readonly templates: readonly string[];
}

/** Somebody who starts, ends, restarts and renames VMs, and insists on an answer with the same id until there is one. */
export class Client {
  private readonly own: string[] = [];
  private started = 0;

  constructor(
    private readonly plan: ClientPlan,
    private readonly door: CommandDoor,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly ledger: Ledger,
  ) {}

  async run(): Promise<void> {
    const { requests, overMs, name } = this.plan;
    for (let n = 0; n < requests; n++) {
      await this.clock.sleep(this.random.between(0, (2 * overMs) / requests));
      await this.insist(`${name}-${n}`, this.nextCommand());
    }
  }

  private nextCommand(): Command {
    const vmId = this.random.pick(this.own);
    if (vmId === undefined || this.random.chance(0.35)) return this.start();
    const roll = this.random.next();
    if (roll < 0.7) return { type: 'TerminateVM', vmId };
    if (roll < 0.85) return { type: 'RestartVM', vmId };
    return { type: 'UpdateVM', vmId, metadata: { run: this.started } };
  }

  private start(): Command {
    const vmIds = Array.from({ length: this.random.between(1, 3) }, () => `${this.plan.name}-vm-${++this.started}`);
    this.own.push(...vmIds);
    const templateId = this.random.pick(this.plan.templates) ?? 'none';
    return { type: 'StartVM', vmIds, request: { templateId, priority: this.random.between(1, 5) * 100 } };
  }

  private async insist(id: string, command: Command): Promise<void> {
    const request = this.ledger.open(id, command);
    for (;;) {
      request.sends++;
      try {
        request.outcome = await this.door.send({
          id,
          time: this.clock.now(),
          actor: this.plan.name,
          correlationId: id,
          command,
        });
        return;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        await this.clock.sleep(RETRY_MS);
      }
    }
  }
}
