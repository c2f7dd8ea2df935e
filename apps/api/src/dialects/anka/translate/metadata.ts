import type { Metadata } from '#domain';
import { BadInput } from '../failure.js';

/** Metadata as the domain keeps it; null values count as absent. Throws {@link BadInput} for a value that is no scalar. */
export function metadataOf(raw: Readonly<Record<string, unknown>> | undefined): Metadata | undefined {
  if (raw === undefined) return undefined;
  const kept: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (value === null || value === undefined) continue;
    if (typeof value !== 'string' && typeof value !== 'boolean' && typeof value !== 'number') {
      throw new BadInput('metadata must be an object with texts, numbers or booleans');
    }
    kept[key] = value;
  }
  return kept;
}
