import type { Clock } from '#events';
import { Errand } from './errand.js';
import type { Lane } from './lane/lane.js';
import type { DeliveryStore, Settlement } from './store/delivery-store.js';

/** How long results wait for others, to be written down together. */
export const SETTLE_GAP_MS = 20;
/** Results that one statement writes down at most. */
const MAX_SETTLED = 500;
/** With so many results that are not written down nothing more is sent: after a crash all of it would be sent again. */
export const MAX_UNSETTLED = 5_000;

interface Unsettled {
  readonly lane: Lane;
  readonly settlement: Settlement;
}

/** Results of attempts on their way to the store, many at a time. What a store that is away did not take is offered again. */
export class SettleQueue {
  private queue: Unsettled[] = [];
  private readonly errand: Errand;

  constructor(
    private readonly parts: {
      readonly store: Pick<DeliveryStore, 'settle'>;
      readonly clock: Clock;
      readonly worker: string;
      readonly onFault: (error: unknown) => void;
      /** It was full, and is no more. */
      readonly onRoom: () => void;
    },
  ) {
    const { clock, onFault } = parts;
    this.errand = new Errand({ work: () => this.write(), clock, gapMs: SETTLE_GAP_MS, onFault });
  }

  get isFull(): boolean {
    return this.queue.length >= MAX_UNSETTLED;
  }

  add(lane: Lane, settlements: readonly Settlement[]): void {
    for (const settlement of settlements) this.queue.push({ lane, settlement });
    if (settlements.length > 0) this.errand.ask();
  }

  /** Writes down what there is, once; what fails now is left, and will be sent again. */
  async stop(): Promise<void> {
    await this.errand.stop();
    await this.write().catch(this.parts.onFault);
  }

  private async write(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.queue.slice(0, MAX_SETTLED);
      await this.parts.store.settle(
        this.parts.worker,
        batch.map(({ settlement }) => settlement),
      );
      const wasFull = this.isFull;
      this.queue = this.queue.slice(batch.length);
      for (const { lane, settlement } of batch) lane.settled([settlement.sequence]);
      if (wasFull && !this.isFull) this.parts.onRoom();
    }
  }
}
