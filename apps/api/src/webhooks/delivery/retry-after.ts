/** What a `Retry-After` header asks for, ms from now; undefined when it is absent or unreadable. RFC 9110, 10.2.3. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d{1,10}\s*$/.test(header)) return Number(header) * 1000;
  const at = /[a-z]/i.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
