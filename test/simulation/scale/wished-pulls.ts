import { cacheKey, type DesiredPull } from '#domain';
import type { PullLine, PullWaiter } from './pull-line.js';

/** Templates that distributions bring to a node before any VM asks for them. */
export class WishedPulls {
  private readonly waiting = new Map<string, PullWaiter>();

  constructor(
    private readonly pulls: PullLine,
    private readonly isCached: (key: string) => boolean,
    /** Tells that the template is here, though it did not come just now. */
    private readonly tellCached: (key: string) => void,
  ) {}

  /** What is wished now: pulls what is new, gives up what is wished no longer. */
  see(wished: readonly DesiredPull[]): void {
    const images = new Map(wished.map(({ image }) => [cacheKey(image.templateId, image.tag), image]));
    for (const [key, waiter] of this.waiting) {
      if (images.has(key)) continue;
      this.waiting.delete(key);
      this.pulls.leave(waiter);
    }
    for (const [key, image] of images) {
      if (this.waiting.has(key)) continue;
      if (this.isCached(key)) this.tellCached(key);
      else this.wait(key, image.disk.sizeBytes);
    }
  }

  /** The power went. */
  reset(): void {
    this.waiting.clear();
  }

  private wait(key: string, bytes: number): void {
    const waiter: PullWaiter = { arrived: () => void this.waiting.delete(key) };
    this.waiting.set(key, waiter);
    this.pulls.wait(key, bytes, waiter);
  }
}
