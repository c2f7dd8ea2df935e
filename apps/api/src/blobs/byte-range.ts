import type { ByteRange } from './blob-store.js';

/** What a `Range` header asks of so many bytes. More than one range, or another unit, means all of it (RFC 9110 §14.2). */
export type Wanted = { readonly kind: 'all' } | { readonly kind: 'none' } | ({ readonly kind: 'part' } & ByteRange);

const ONE_RANGE = /^bytes=(\d*)-(\d*)$/;

export function wantedBytes(header: string | undefined, sizeBytes: number): Wanted {
  const match = ONE_RANGE.exec(header ?? '');
  if (match === null) return { kind: 'all' };
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '' && last === '') return { kind: 'all' };
  if (first === '') {
    const count = Math.min(Number(last), sizeBytes);
    return count === 0 ? { kind: 'none' } : { kind: 'part', start: sizeBytes - count, end: sizeBytes - 1 };
  }
  const start = Number(first);
  const end = Math.min(last === '' ? Infinity : Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < start) return { kind: 'all' };
  return start >= sizeBytes ? { kind: 'none' } : { kind: 'part', start, end };
}
