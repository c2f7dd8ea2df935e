import type { EndpointSecret } from './endpoint.js';

/** Secrets that sign at the same time: each is one more signature in a header of every request. */
export const MAX_SECRETS = 4;
/** How long a secret goes on signing after a new one was made, unless it is said, and at most, s. */
export const OVERLAP_S = 24 * 3600;
export const MAX_OVERLAP_S = 7 * 24 * 3600;
/** As Standard Webhooks has it. */
export const SECRET_BYTES = 32;
const [MIN_SECRET_BYTES, MAX_SECRET_BYTES] = [24, 64];
const PREFIX = 'whsec_';

export const secretText = (key: Uint8Array): string => `${PREFIX}${Buffer.from(key).toString('base64')}`;

/** What is wrong with a secret that somebody brings; never the secret itself. */
export function secretFault(text: string): string | undefined {
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  const key = Buffer.from(encoded, 'base64');
  if (key.toString('base64') === encoded && key.length >= MIN_SECRET_BYTES && key.length <= MAX_SECRET_BYTES)
    return undefined;
  return `must be ${PREFIX} and the Base64 of ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes`;
}

/** The secrets beside a new one: those that still sign, none for longer than the overlap. Beyond the bound the oldest ends now. */
export function keptSecrets(secrets: readonly EndpointSecret[], now: number, overlapMs: number): EndpointSecret[] {
  return secrets
    .map(({ secret, expiresAt = Infinity }) => ({ secret, expiresAt: Math.min(expiresAt, now + overlapMs) }))
    .filter(({ expiresAt }) => expiresAt > now)
    .slice(0, MAX_SECRETS - 1);
}
