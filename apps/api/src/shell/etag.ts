/** A strong validator of a representation that changes with every event about its thing. */
export const etagOf = (sequence: number): string => `"${sequence}"`;

/** Whether an `If-None-Match` header names the tag, or any (RFC 9110 §13.1.2: compared weakly). */
export function isNoneOf(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return true;
  const names = ifNoneMatch.split(',').map((name) => name.trim().replace(/^W\//, ''));
  return !names.includes('*') && !names.includes(etag);
}
