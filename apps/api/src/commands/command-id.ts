import { createHash } from 'node:crypto';
import type { Refusal } from '#domain';

/** Longest `Idempotency-Key` that is taken as the id of a command. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 128;
const KEY = new RegExp(`^[\\x21-\\x7e]{1,${MAX_IDEMPOTENCY_KEY_LENGTH}}$`);

/** Refuses a key that cannot be the id of a command: ids travel in message headers. */
export function checkIdempotencyKey(key: string): Refusal | undefined {
  if (KEY.test(key)) return undefined;
  const message = `must be 1–${MAX_IDEMPOTENCY_KEY_LENGTH} printable ASCII characters without spaces`;
  return { code: 'INVALID', field: 'Idempotency-Key', message };
}

/**
 * The id of the n-th thing that a command makes, e.g. a VM: a name-based UUID (RFC 9562, version 8). The same command always makes the
 * same ids, so a repeated request finds what the first one made.
 */
export function derivedId(commandId: string, n: number): string {
  const bytes = createHash('sha256').update(`${n}\n${commandId}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The id of the command that a request with this key makes: the same key on another route is another request. */
export const keyedId = (route: string, key: string): string => derivedId(`${route}\n${key}`, 0);
