import { setTimeout as pause } from 'node:timers/promises';
import type { AnkaClient } from '../support/anka-client.js';
import type { Random } from '../simulation/random.js';

/** Less than Retry-After asks for: the point is to be in the way. */
const RETRY_MS = 150;

/** What a client asked for and what it was promised. */
export interface Promised {
  readonly key: string;
  readonly count: number;
  readonly ids: readonly string[];
  /** Answers that were no answer: 503, or a connection that broke. */
  readonly failures: number;
}

export interface ChaosClientPlan {
  readonly name: string;
  readonly template: string;
  /** VMs to start, in requests of one to five. */
  readonly vms: number;
  /** Share of them that the client ends again. */
  readonly endShare: number;
  readonly overMs: number;
}

/** Starts VMs and ends some of them; repeats every request with the same key until it gets an answer. */
export class ChaosClient {
  readonly promised: Promised[] = [];
  readonly ended: string[] = [];
  private failures = 0;

  constructor(
    private readonly plan: ChaosClientPlan,
    private readonly anka: AnkaClient,
    private readonly random: Random,
    /** Aborted when it has gone on for too long. */
    private readonly limit: AbortSignal,
  ) {}

  async run(): Promise<void> {
    const { vms, overMs, endShare } = this.plan;
    for (let left = vms; left > 0;) {
      const count = Math.min(left, this.random.between(1, 5));
      left -= count;
      await this.start(count);
      for (const id of this.promised.at(-1)?.ids ?? []) if (this.random.chance(endShare)) await this.end(id);
      await pause(this.random.between(0, (2 * overMs * count) / vms));
    }
  }

  private async start(count: number): Promise<void> {
    const key = `${this.plan.name}-${this.promised.length}`;
    const before = this.failures;
    const order = { vmid: this.plan.template, count, external_id: key };
    const ids = await this.insist<string[]>(() =>
      this.anka.ask<string[]>('POST', '/api/v1/vm', order, { 'idempotency-key': key }),
    );
    this.promised.push({ key, count, ids: ids ?? [], failures: this.failures - before });
  }

  private async end(id: string): Promise<void> {
    await this.insist(() => this.anka.ask('DELETE', '/api/v1/vm', { id }));
    this.ended.push(id);
  }

  /** The body of the first answer that is neither a 503 nor a broken connection. Throws when that is a refusal. */
  private async insist<T>(ask: () => ReturnType<AnkaClient['ask']>): Promise<T | undefined> {
    for (;;) {
      this.limit.throwIfAborted();
      const answer = await ask().catch(() => undefined);
      if (answer !== undefined && answer.status !== 503) {
        if (answer.envelope.status === 'OK') return answer.envelope.body as T;
        throw new Error(`${this.plan.name} was refused: ${answer.status} ${answer.envelope.message}`);
      }
      this.failures++;
      await pause(RETRY_MS);
    }
  }
}
