import type { Clock } from '../ports/clock.js';

export interface MemoryEntry {
  readonly revision: number;
  readonly text: string;
  /** Unix ms. */
  readonly time: number;
}

/** A KV bucket with history 1: revisions grow over the whole bucket; entries older than `maxAgeMs` are gone. */
export class MemoryBucket {
  private readonly entries = new Map<string, MemoryEntry>();
  private readonly listeners = new Set<(key: string) => void>();
  private revision = 0;

  constructor(
    private readonly clock: Clock,
    private readonly maxAgeMs = Infinity,
  ) {}

  get(key: string): MemoryEntry | undefined {
    const entry = this.entries.get(key);
    return entry && this.clock.now() - entry.time < this.maxAgeMs ? entry : undefined;
  }

  keys(): readonly string[] {
    return [...this.entries.keys()].filter((key) => this.get(key) !== undefined);
  }

  put(key: string, text: string): number {
    this.entries.set(key, { revision: ++this.revision, text, time: this.clock.now() });
    for (const listener of this.listeners) listener(key);
    return this.revision;
  }

  /** Compare and set; revision 0 means that there must be no entry. Undefined: it was not so. */
  update(key: string, text: string, revision: number): number | undefined {
    return (this.get(key)?.revision ?? 0) === revision ? this.put(key, text) : undefined;
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  listen(listener: (key: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
