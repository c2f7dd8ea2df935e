import { createHash } from 'node:crypto';

/**
 * The id of the n-th thing that a command makes, e.g. a VM: a name-based UUID (RFC 9562, version 8). The same command always makes the
 * same ids, by whatever door it came, so a repeated request finds what the first one made.
 */
export function derivedId(commandId: string, n: number): string {
  const bytes = createHash('sha256').update(`${n}\n${commandId}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
