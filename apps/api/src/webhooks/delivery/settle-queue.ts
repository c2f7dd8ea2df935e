import type { Clock } from '#events';
import { Errand } from './errand.js';
import type { Lane } from './lane/lane.js';
import { type AttemptNote, type DeliveryStore, RejectedData, type Settlement } from './store/delivery-store.js';

/** How long results wait for others, to be written down together. */
export const SETTLE_GAP_MS = 20;
/** Results that one statement writes down at most. */
const MAX_SETTLED = 500;
/** With so many results that are not written down nothing more is sent: after a crash all of it would be sent again. */
export const MAX_UNSETTLED = 5_000;

/** A delivery whose result the store can never keep is not sent again sooner than this. */
export const DROPPED_AGAIN_MS = 60_000;
/** In place of texts that the store does not take. */
const UNKEPT: Pick<AttemptNote, 'request' | 'response' | 'error'> = {
  ...{ request: '', response: '', error: 'what was sent and answered cannot be shown: the store rejects it' },
};

interface Unsettled {
  readonly lane: Lane;
  readonly settlement: Settlement;
}

/**
 * Results of attempts on their way to the store, many at a time. What a store that is away did not take is offered again. What it rejects
 * is offered in ever smaller parts until the bad one is alone; that one then goes without its texts, or is dropped.
 */
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
    for (let most = MAX_SETTLED; this.queue.length > 0;) {
      const batch = this.queue.slice(0, most);
      const rejected = await this.keep(batch.map(({ settlement }) => settlement));
      if (rejected === undefined) this.done(batch, ({ lane, settlement }) => lane.settled([settlement.sequence]));
      else if (batch.length === 1) await this.keepOne(batch);
      most = rejected && batch.length > 1 ? Math.ceil(batch.length / 2) : Math.min(most * 2, MAX_SETTLED);
    }
  }

  /** Why the store will never take them; undefined: it has them. */
  private async keep(settlements: readonly Settlement[]): Promise<RejectedData | undefined> {
    try {
      await this.parts.store.settle(this.parts.worker, settlements);
      return undefined;
    } catch (error) {
      if (error instanceof RejectedData) return error;
      throw error;
    }
  }

  /** One that was rejected: without its texts, or not at all. Then the receiver gets it again, which is better than never. */
  private async keepOne(batch: readonly Unsettled[]): Promise<void> {
    const { clock, onFault } = this.parts;
    const bare = batch.map(({ settlement: { note, ...rest } }) =>
      note ? { ...rest, note: { ...note, ...UNKEPT } } : rest,
    );
    const rejected = await this.keep(bare);
    this.done(batch, ({ lane, settlement: { endpointId, sequence, inMs } }) => {
      if (rejected === undefined) return lane.settled([sequence]);
      lane.putAside(sequence, clock.now() + Math.max(inMs, DROPPED_AGAIN_MS));
      const what = `What came of delivery ${sequence} to webhook ${endpointId} cannot be written down, so it will be sent again`;
      onFault(new Error(`${what}: ${rejected.message}`, { cause: rejected }));
    });
  }

  private done(batch: readonly Unsettled[], tell: (one: Unsettled) => void): void {
    const wasFull = this.isFull;
    this.queue = this.queue.slice(batch.length);
    batch.forEach(tell);
    if (wasFull && !this.isFull) this.parts.onRoom();
  }
}
