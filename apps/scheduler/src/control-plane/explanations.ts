import { type Cluster, explain } from '#domain';
import type { Clock, ExplainDesk, Explained, Watch } from '#events';
import { LONGEST_EXPLANATION_REST_MS, MAX_QUESTIONS_WAITING, REST_PER_EXPLANATION } from './limits.js';

export interface ExplanationParts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Resolves when the log holds all that the cluster holds now; rejects when it never will. */
  readonly durable: () => Promise<void>;
  readonly onFault: (vmId: string, cause: unknown) => void;
}

/**
 * Answers questions about VMs during one term, from the memory that also decides. One after the other, with a rest in between, because
 * an explanation looks at every node while commands wait.
 */
export class Explanations {
  private readonly watch: Watch;
  private turn: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private isOver = false;

  constructor(
    desk: ExplainDesk,
    private readonly parts: ExplanationParts,
  ) {
    this.watch = desk.open((vmId) => this.answer(vmId));
  }

  /** The cluster belongs to somebody else from now on: whoever waits is left to the next leader. */
  close(): void {
    this.isOver = true;
    this.watch.stop();
  }

  private async answer(vmId: string): Promise<Explained | undefined> {
    if (this.waiting >= MAX_QUESTIONS_WAITING) return undefined;
    this.waiting++;
    const answered = this.turn.then(() => this.explain(vmId));
    this.turn = answered.then(({ tookMs }) => this.rest(tookMs));
    const { explained, durable } = await answered;
    try {
      // What was decided and does not become durable has not happened, and nobody may hear of it.
      await durable;
      return explained;
    } catch (cause) {
      this.parts.onFault(vmId, cause);
      return undefined;
    }
  }

  private explain(vmId: string): { explained?: Explained; durable?: Promise<void>; tookMs: number } {
    this.waiting--;
    const { cluster, clock, durable, onFault } = this.parts;
    const began = clock.now();
    if (this.isOver) return { tookMs: 0 };
    try {
      const explanation = explain(cluster, vmId);
      const explained = { asOf: cluster.sequence, ...(explanation && { explanation }) };
      return { explained, durable: durable(), tookMs: clock.now() - began };
    } catch (cause) {
      onFault(vmId, cause);
      return { tookMs: clock.now() - began };
    }
  }

  private async rest(tookMs: number): Promise<void> {
    if (tookMs > 0) await this.parts.clock.sleep(Math.min(tookMs * REST_PER_EXPLANATION, LONGEST_EXPLANATION_REST_MS));
  }
}
