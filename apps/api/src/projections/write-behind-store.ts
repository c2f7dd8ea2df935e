import type { ProjectionStore } from './projection-store.js';
import type { Ids, Position, Rows, Step } from './step.js';

/**
 * Writes one step while the projector folds the next. For a rebuild, where nobody waits for a single step: `commit` speaks of the step
 * before, and only `flush` of the last. Whatever is read sees everything that was handed over.
 */
export class WriteBehindStore implements ProjectionStore {
  private writing: Promise<boolean> = Promise.resolve(true);

  constructor(private readonly store: ProjectionStore) {}

  async position(): Promise<Position> {
    await this.flush();
    return this.store.position();
  }

  async load(ids: Ids): Promise<Rows> {
    await this.flush();
    return this.store.load(ids);
  }

  async commit(step: Step): Promise<boolean> {
    if (!(await this.writing)) return false;
    this.writing = this.store.commit(step);
    // A failure is told by the next call.
    this.writing.catch(() => undefined);
    return true;
  }

  /** Resolves when all steps are written; throws when one could not be, or was written from another place than the store stood at. */
  async flush(): Promise<void> {
    if (!(await this.writing)) throw new Error('Cannot write the projection: something else moved it meanwhile');
  }
}
