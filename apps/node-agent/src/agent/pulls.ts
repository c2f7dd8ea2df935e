import { cacheKey, type CachedTemplate, type TemplateImage } from '#domain';
import type { TemplateCache } from '../images/template-cache.js';

/** Who waits for a template: a VM, or whoever wants to hear of the progress. */
export interface Waiter {
  readonly vmId?: string;
  readonly onProgress?: (fraction: number) => void;
}

interface Pull {
  readonly waiting: Set<Waiter>;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  fraction: number;
}

/**
 * Brings templates to the host, one at a time, and removes them. VMs that want the same one wait for the same pull. Where the disk is
 * full, what nobody needs makes room.
 */
export class Pulls {
  readonly #cached = new Set<string>();
  readonly #pulls = new Map<string, Pull>();
  #last: Promise<unknown> = Promise.resolve();

  /** `isNeeded`: whether somebody here counts on the template, so that it must not leave for another one. */
  constructor(
    private readonly cache: TemplateCache,
    private readonly isNeeded: (template: CachedTemplate) => boolean,
    private readonly onPulled: (template: CachedTemplate) => void,
    private readonly onEvicted: (template: CachedTemplate) => void,
  ) {
    cache.onEvicted(({ templateId, tag }) => {
      this.#cached.delete(cacheKey(templateId, tag));
      this.onEvicted({ templateId, tag });
    });
  }

  /** What the cache holds, asked anew. */
  async list(): Promise<CachedTemplate[]> {
    const templates = await this.cache.list();
    this.#cached.clear();
    for (const { templateId, tag } of templates) this.#cached.add(cacheKey(templateId, tag));
    return templates.map(({ templateId, tag }) => ({ templateId, tag }));
  }

  isCached(image: TemplateImage): boolean {
    return this.#cached.has(cacheKey(image.templateId, image.tag));
  }

  /** A VM is made of it. */
  used({ templateId, tag }: TemplateImage): void {
    this.cache.used({ templateId, tag });
  }

  /** The host turned out not to have it after all: the next VM pulls again. */
  forget(image: TemplateImage): void {
    this.#cached.delete(cacheKey(image.templateId, image.tag));
  }

  /** Resolves when the template is here. A pull that nobody waits for any more is given up. */
  async ensure(waiter: Waiter, image: TemplateImage, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const key = cacheKey(image.templateId, image.tag);
    const pull = this.#pulls.get(key) ?? this.#begin(key, image);
    pull.waiting.add(waiter);
    try {
      await unlessAborted(pull.done, signal);
    } finally {
      pull.waiting.delete(waiter);
      if (pull.waiting.size === 0 && this.#pulls.get(key) === pull) {
        this.#pulls.delete(key);
        pull.abort.abort();
      }
    }
  }

  /** How far the pull is that each VM waits for, 0–1. */
  progress(): Record<string, number> {
    const progress: Record<string, number> = {};
    for (const { waiting, fraction } of this.#pulls.values())
      for (const { vmId } of waiting) if (vmId !== undefined) progress[vmId] = fraction;
    return progress;
  }

  /** Has the template leave, in its turn among the pulls, unless it is in use by then. One that is not here is told of as evicted. */
  async remove(template: CachedTemplate, isInUse: () => boolean): Promise<void> {
    const removed = this.#last.then(() => this.#remove(template, isInUse));
    this.#last = removed.catch(() => undefined);
    await removed;
  }

  async #remove({ templateId, tag }: CachedTemplate, isInUse: () => boolean): Promise<void> {
    if (isInUse()) return;
    // From now on a VM that comes waits for a pull, which waits for the removal.
    this.#cached.delete(cacheKey(templateId, tag));
    const wasHere = (await this.list()).some((one) => one.templateId === templateId && one.tag === tag);
    this.#cached.delete(cacheKey(templateId, tag));
    if (wasHere) await this.cache.remove(templateId, tag);
    else this.onEvicted({ templateId, tag });
  }

  #begin(key: string, image: TemplateImage): Pull {
    const abort = new AbortController();
    const done = this.#last.then(() => this.#run(key, image, abort.signal));
    const pull: Pull = { waiting: new Set(), abort, done, fraction: 0 };
    this.#pulls.set(key, pull);
    this.#last = done.catch(() => undefined);
    return pull;
  }

  async #run(key: string, image: TemplateImage, signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      const pull = this.#pulls.get(key);
      const told = (fraction: number): void => {
        if (pull === undefined) return;
        pull.fraction = fraction;
        for (const { onProgress } of pull.waiting) onProgress?.(fraction);
      };
      await this.cache.ensure(image, told, signal, (template) => !this.isNeeded(template));
      this.#cached.add(key);
      this.onPulled({ templateId: image.templateId, tag: image.tag });
    } finally {
      if (this.#pulls.get(key)?.abort.signal === signal) this.#pulls.delete(key);
    }
  }
}

/** The promise's outcome, or the signal's reason as soon as that fires. */
function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
