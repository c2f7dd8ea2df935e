import type { BlobRef } from '../drivers/driver.js';
import type { CachedTemplate } from './template-cache.js';

/** A template in a cache, as far as its leaving is concerned. */
export interface Evictable {
  readonly templateId: string;
  readonly tag: string;
  readonly blobs: readonly BlobRef[];
  /** Unix milliseconds; absent: not since anybody counts. */
  readonly usedAt?: number;
}

/**
 * The templates that leave so that `wantedBytes` are gained: the least recently used first, none more than it takes, and none at all
 * when not even all of them would do. A blob is gained when no template is left that has it; those of `kept` never are.
 */
export function chooseEvicted<T extends Evictable>(
  templates: readonly T[],
  kept: ReadonlySet<string>,
  wantedBytes: number,
  mayEvict: (template: T) => boolean,
): T[] {
  if (wantedBytes <= 0) return [];
  const gainedBy = (leaving: readonly T[]): number => gainedBytes(templates, leaving, kept);
  /** One that shares its blobs with what stays may leave for nothing. */
  const withoutNeedless = (chosen: T[], template: T): T[] => {
    const fewer = chosen.filter((one) => one !== template);
    return gainedBy(fewer) >= wantedBytes ? fewer : chosen;
  };
  const leaving: T[] = [];
  for (const template of templates.filter(mayEvict).sort((a, b) => (a.usedAt ?? 0) - (b.usedAt ?? 0))) {
    leaving.push(template);
    if (gainedBy(leaving) >= wantedBytes) return leaving.reduceRight(withoutNeedless, leaving);
  }
  return [];
}

/** Bytes of blobs, each counted once. */
export function totalBytes(blobs: Iterable<BlobRef>): number {
  let sum = 0;
  for (const { sizeBytes } of new Map([...blobs].map((blob) => [blob.digest, blob])).values()) sum += sizeBytes;
  return sum;
}

function gainedBytes(all: readonly Evictable[], leaving: readonly Evictable[], kept: ReadonlySet<string>): number {
  const staying = new Set(kept);
  for (const template of all)
    if (!leaving.includes(template)) for (const { digest } of template.blobs) staying.add(digest);
  return totalBytes(leaving.flatMap(({ blobs }) => blobs).filter(({ digest }) => !staying.has(digest)));
}

/** The template as others hear of it. */
export function asCached({ templateId, tag, blobs }: Evictable): CachedTemplate {
  return { templateId, tag, sizeBytes: totalBytes(blobs) };
}
