import { createHmac } from 'node:crypto';
import type { Message, SigningSecret } from './sender.js';

const PREFIX = 'whsec_';

/** The three headers of Standard Webhooks 1.0. `now`: of this attempt, unix ms; each secret that is alive signs. */
export function signatureHeaders(
  { id, body }: Pick<Message, 'id' | 'body'>,
  secrets: readonly SigningSecret[],
  now: number,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(now / 1000));
  const signatures = secrets
    .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
    .map(
      ({ secret }) => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
    );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

const keyOf = (secret: string): Buffer =>
  Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
