import { cacheKey, type CachedTemplate, type TemplateImage } from '#domain';
import type { TemplateCache } from '../images/template-cache.js';

interface Pull {
  readonly waiting: Set<string>;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  fraction: number;
}

/** Brings templates to the host, one at a time. VMs that want the same one wait for the same pull. */
export class Pulls {
  readonly #cached = new Set<string>();
  readonly #pulls = new Map<string, Pull>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly cache: TemplateCache,
    private readonly onPulled: (template: CachedTemplate) => void,
  ) {}

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

  /** The host turned out not to have it after all: the next VM pulls again. */
  forget(image: TemplateImage): void {
    this.#cached.delete(cacheKey(image.templateId, image.tag));
  }

  /** Resolves when the template is here. A pull that nobody waits for any more is given up. */
  async ensure(vmId: string, image: TemplateImage, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const key = cacheKey(image.templateId, image.tag);
    const pull = this.#pulls.get(key) ?? this.#begin(key, image);
    pull.waiting.add(vmId);
    try {
      await unlessAborted(pull.done, signal);
    } finally {
      pull.waiting.delete(vmId);
      if (pull.waiting.size === 0 && this.#pulls.get(key) === pull) {
        this.#pulls.delete(key);
        pull.abort.abort();
      }
    }
  }

  /** How far the pull is that each VM waits for, 0–1. */
  progress(): Record<string, number> {
    const progress: Record<string, number> = {};
    for (const { waiting, fraction } of this.#pulls.values()) for (const vmId of waiting) progress[vmId] = fraction;
    return progress;
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
      await this.cache.ensure(image, (fraction) => pull && (pull.fraction = fraction), signal);
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
