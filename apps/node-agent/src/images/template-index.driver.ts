import { join } from 'node:path';
import { readFileIfPresent, writeFileAtomic } from '../drivers/atomic-file.driver.js';
import type { Evictable } from './eviction.js';

/** How much older than now the remembered last use may be, so that not each start of a VM is a write. */
const USE_GRAIN_MS = 60_000;

/** A template whose files were all verified. */
export type IndexEntry = Evictable;

/** Which templates are complete on this host: a small file, since digests alone do not tell names. */
export class TemplateIndex {
  private readonly file: string;
  private entries: IndexEntry[];

  constructor(nodeDir: string) {
    this.file = join(nodeDir, 'templates.json');
    this.entries = parse(readFileIfPresent(this.file));
  }

  all(): readonly IndexEntry[] {
    return this.entries;
  }

  add(entry: IndexEntry): void {
    this.save([...this.entries.filter((other) => !isSame(other, entry.templateId, entry.tag)), entry]);
  }

  /** Without tag: all tags of the template. Returns what was there. */
  remove(templateId: string, tag?: string): readonly IndexEntry[] {
    const removed = this.entries.filter((entry) => isSame(entry, templateId, tag));
    if (removed.length > 0) this.save(this.entries.filter((entry) => !removed.includes(entry)));
    return removed;
  }

  used(templateId: string, tag: string, now: number): void {
    const entry = this.entries.find((other) => isSame(other, templateId, tag));
    if (entry !== undefined && now - (entry.usedAt ?? 0) >= USE_GRAIN_MS) this.add({ ...entry, usedAt: now });
  }

  private save(entries: IndexEntry[]): void {
    writeFileAtomic(this.file, JSON.stringify(entries));
    this.entries = entries;
  }
}

function isSame(entry: IndexEntry, templateId: string, tag: string | undefined): boolean {
  return entry.templateId === templateId && (tag === undefined || entry.tag === tag);
}

/** A spoilt index is an empty one: the files are still named by their digests and are found again by the next pull. */
function parse(text: string | undefined): IndexEntry[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? (value as IndexEntry[]) : [];
  } catch {
    return [];
  }
}
