import type { Clock } from '#events';
import type { AttemptResult, Message, Sender, Target } from '../sender.js';

export interface Arrival {
  readonly endpointId: string;
  readonly sequences: readonly number[];
  readonly at: number;
  /** Whether the receiver said yes; what it got it got in any case. */
  readonly accepted: boolean;
}

/** How a receiver treats one request. `lost`: it has it, but the sender never hears so. */
export interface Treatment {
  readonly latencyMs: number;
  readonly answer: 'yes' | 'lost' | 'refusing' | number;
  readonly retryAfterMs?: number;
}

/** Receivers in memory, as bad as a test wants them to be. Bodies must be JSON with a `sequence`, or a list of such. */
export class FaultySink implements Sender {
  readonly arrivals: Arrival[] = [];
  /** The most requests to one endpoint at once. */
  readonly mostAtOnce = new Map<string, number>();
  private readonly atOnce = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    public treat: (endpointId: string) => Treatment,
  ) {}

  async send({ id }: Target, { body }: Message): Promise<AttemptResult> {
    const now = (this.atOnce.get(id) ?? 0) + 1;
    this.atOnce.set(id, now);
    this.mostAtOnce.set(id, Math.max(now, this.mostAtOnce.get(id) ?? 0));
    const { latencyMs, answer, retryAfterMs } = this.treat(id);
    await this.clock.sleep(latencyMs / 2);
    const read = JSON.parse(body) as { sequence: number } | { sequence: number }[];
    const sequences = [read].flat().map(({ sequence }) => sequence);
    if (answer !== 'refusing')
      this.arrivals.push({ endpointId: id, sequences, at: this.clock.now(), accepted: answer === 'yes' });
    await this.clock.sleep(latencyMs / 2);
    this.atOnce.set(id, (this.atOnce.get(id) ?? 1) - 1);
    const told = { latencyMs, request: '', response: '' };
    if (answer === 'yes') return { ...told, outcome: 'delivered', status: 200 };
    const status = typeof answer === 'number' ? { status: answer } : {};
    const patience = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { ...told, ...status, ...patience, outcome: 'failed', error: String(answer) };
  }

  forget(): void {}
  close(): void {}

  /** Sequences in the order in which an endpoint got each for the first time. */
  firstReceipts(endpointId: string): number[] {
    const own = this.arrivals.filter((arrival) => arrival.endpointId === endpointId);
    return [...new Set(own.flatMap(({ sequences }) => sequences))];
  }
}
