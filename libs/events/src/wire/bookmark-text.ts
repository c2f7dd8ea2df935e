import { Undecodable } from '../fault.js';
import type { Bookmark } from '../ports/bookmarks.js';

export const bookmarkText = ({ incarnation, sequence, done }: Bookmark): string =>
  JSON.stringify({ incarnation, sequence, done });

/** Throws {@link Undecodable}. */
export function readBookmark(text: string): Bookmark {
  const { incarnation, sequence, done } = parsed(text);
  if (typeof incarnation !== 'string' || !isPlace(sequence) || !Array.isArray(done) || !done.every(isPlace))
    throw new Undecodable('Cannot read a bookmark: it must have an incarnation, a sequence and a list of sequences');
  return { incarnation, sequence, done };
}

function parsed(text: string): Partial<Record<keyof Bookmark, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<Record<keyof Bookmark, unknown>>;
  } catch (cause) {
    throw new Undecodable('Cannot read a bookmark: it is no JSON', { cause });
  }
}

const isPlace = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
