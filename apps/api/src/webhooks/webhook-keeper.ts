import type { Clock } from '#events';
import type { ArchiveReader } from '../archive/archive-reader.js';
import { refill } from './refill.js';
import { NO_TOTALS, type Totals, type WebhookStore } from './webhook-store.js';

/** How often gaps are looked for. */
export const REFILL_EVERY_MS = 1_000;
/** How often all that waits is counted. */
export const COUNT_EVERY_MS = 15_000;
/** How often what nobody needs is swept away. */
export const SWEEP_EVERY_MS = 3600 * 1000;

export interface KeeperParts {
  readonly store: Pick<WebhookStore, 'gaps' | 'fill' | 'totals'>;
  readonly archive: Pick<ArchiveReader, 'find'>;
  readonly clock: Clock;
  readonly sweep: () => Promise<void>;
  /** Tells whoever delivers that something is due. */
  readonly wake: (endpointIds: readonly string[]) => void;
  readonly onTrouble: (message: string) => void;
}

/** What webhooks need now and then as long as the process lives. Every replica does it: they do not get into each other's way. */
export class WebhookKeeper {
  /** As they were when last counted. */
  totals: Totals = NO_TOTALS;
  private trouble: string | undefined;

  constructor(private readonly parts: KeeperParts) {}

  async run(signal: AbortSignal): Promise<void> {
    const { store, sweep } = this.parts;
    await Promise.all([
      this.every(SWEEP_EVERY_MS, signal, sweep),
      this.every(REFILL_EVERY_MS, signal, () => this.fillAll(signal)),
      this.every(COUNT_EVERY_MS, signal, async () => void (this.totals = await store.totals())),
    ]);
  }

  /** The same trouble is told once, until something goes well. */
  private async every(pauseMs: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const { clock, onTrouble } = this.parts;
    while (!signal.aborted) {
      try {
        await work();
        this.trouble = undefined;
      } catch (cause) {
        const now = String(cause);
        if (now !== this.trouble) onTrouble(now);
        this.trouble = now;
      }
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  /** Page after page, until nothing more can be filled. */
  private async fillAll(signal: AbortSignal): Promise<void> {
    const { store, archive, wake } = this.parts;
    for (let filled = ['']; filled.length > 0 && !signal.aborted;) {
      filled = await refill(store, archive);
      if (filled.length > 0) wake(filled);
    }
  }
}
