import type { CachedTemplate, DesiredNode, DesiredPull } from '#domain';
import { DriverError } from '../drivers/driver.js';
import type { Site } from './site.js';
import { startFailure } from './start-failure.js';

/** Steps in which the progress of a pull is reported. */
const PROGRESS_STEPS = 10;

interface Work {
  /** Of a pull; a removal cannot be given up. */
  readonly distributionId?: string;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Has the cache follow what is wished of it apart from any VM: templates that distributions bring, and templates that are to go. One at a
 * time, so that a VM that needs a template waits for one pull at most. Keeps no plan: what is to be done follows from the wish.
 */
export class Distributions {
  #pulls: readonly DesiredPull[] = [];
  #removals: readonly CachedTemplate[] = [];
  /** Distributions of which the last word was said, as long as they are wished. */
  readonly #said = new Set<string>();
  /** What went wrong since the last review, and is left alone until the next. */
  readonly #held = new Set<unknown>();
  #work: Work | undefined;

  /** `isInUse`: whether a VM here needs the template. */
  constructor(
    private readonly site: Site,
    private readonly isInUse: (template: CachedTemplate) => boolean,
  ) {}

  /** The work that is under way; settles, never rejects. */
  get busy(): Promise<void> | undefined {
    return this.#work?.done;
  }

  /** Takes a desired value over. */
  wish({ pulls = [], removals = [] }: DesiredNode): void {
    this.#pulls = pulls;
    this.#removals = removals;
    const wished = new Set(pulls.map(({ distributionId }) => distributionId));
    for (const id of this.#said) if (!wished.has(id)) this.#said.delete(id);
    const id = this.#work?.distributionId;
    if (id !== undefined && !wished.has(id)) this.abandon(new Error('the distribution is over'));
    this.#look();
  }

  /** Whether a distribution is bringing it, or has brought it and the control plane has not taken that in yet. */
  wants({ templateId, tag }: CachedTemplate): boolean {
    return this.#pulls.some(({ image }) => image.templateId === templateId && image.tag === tag);
  }

  /** Tries again what went wrong. */
  review(): void {
    this.#held.clear();
    this.#look();
  }

  abandon(reason: Error): void {
    this.#work?.abort.abort(reason);
  }

  #look(): void {
    if (this.#work !== undefined || !this.site.accepting) return;
    const removal = this.#removals.find((one) => !this.#held.has(keyOf(one)) && !this.isInUse(one));
    if (removal !== undefined) return this.#begin(() => this.#remove(removal));
    const pull = this.#pulls.find(({ distributionId: id }) => !this.#said.has(id) && !this.#held.has(id));
    if (pull !== undefined) this.#begin((signal) => this.#pull(pull, signal), pull.distributionId);
  }

  #begin(task: (signal: AbortSignal) => Promise<void>, distributionId?: string): void {
    const abort = new AbortController();
    const done = task(abort.signal).then(() => {
      this.#work = undefined;
      this.#look();
    });
    this.#work = { ...(distributionId !== undefined && { distributionId }), abort, done };
  }

  /** Held in any case: once it is gone, the control plane takes the wish back. */
  async #remove(template: CachedTemplate): Promise<void> {
    this.#held.add(keyOf(template));
    try {
      await this.site.pulls.remove(template, () => this.isInUse(template));
    } catch (cause) {
      this.#fault(`remove template ${template.templateId}`, cause);
    }
  }

  async #pull({ distributionId, image }: DesiredPull, signal: AbortSignal): Promise<void> {
    const { options, ports, pulls } = this.site;
    let pauseMs = options.firstRetryMs;
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        if (pulls.isCached(image)) this.#tellCached(image);
        else await pulls.ensure({ onProgress: this.#progressOf(distributionId) }, image, signal);
        this.#said.add(distributionId);
        return;
      } catch (cause) {
        if (signal.aborted) return;
        this.#fault(`pull template ${image.templateId}`, cause);
        const isFinal = cause instanceof DriverError && !cause.retryable;
        if (isFinal || attempt >= options.pullAttempts) return this.#tellFailed(distributionId, cause);
      }
      await ports.clock.sleep(pauseMs, signal).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, options.lastRetryMs);
    }
  }

  /** Tells of each further tenth. */
  #progressOf(distributionId: string): (fraction: number) => void {
    let told = 0;
    return (fraction) => {
      const step = Math.floor(fraction * PROGRESS_STEPS);
      if (step <= told || step >= PROGRESS_STEPS) return;
      told = step;
      const progress = step / PROGRESS_STEPS;
      this.site.tell({ type: 'ReportTemplatePullProgress', nodeId: this.#nodeId, distributionId, progress });
    };
  }

  /** The control plane does not know it yet, or would not wish it. */
  #tellCached({ templateId, tag }: CachedTemplate): void {
    this.site.tell({ type: 'ReportTemplatePulled', nodeId: this.#nodeId, templateId, tag });
  }

  #tellFailed(distributionId: string, cause: unknown): void {
    const { message } = startFailure(cause);
    const isTold = this.site.tell({ type: 'ReportTemplatePullFailed', nodeId: this.#nodeId, distributionId, message });
    (isTold ? this.#said : this.#held).add(distributionId);
  }

  get #nodeId(): string {
    return this.site.identity.nodeId;
  }

  #fault(doing: string, cause: unknown): void {
    this.site.ports.observer.fault(doing, this.#nodeId, cause);
  }
}

const keyOf = ({ templateId, tag }: CachedTemplate): string => `${templateId}\n${tag}`;
