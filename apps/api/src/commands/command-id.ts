import type { Refusal } from '#domain';
import { derivedId } from '#events';

export { derivedId };

/** Longest `Idempotency-Key` that is taken as the id of a command. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 128;
const KEY = new RegExp(`^[\\x21-\\x7e]{1,${MAX_IDEMPOTENCY_KEY_LENGTH}}$`);

/** Refuses a key that cannot be the id of a command: ids travel in message headers. */
export function checkIdempotencyKey(key: string): Refusal | undefined {
  if (KEY.test(key)) return undefined;
  const message = `must be 1–${MAX_IDEMPOTENCY_KEY_LENGTH} printable ASCII characters without spaces`;
  return { code: 'INVALID', field: 'Idempotency-Key', message };
}

/** The id of the command that a request with this key makes: the same key on another route is another request. */
export const keyedId = (route: string, key: string): string => derivedId(`${route}\n${key}`, 0);
