import { createHash } from 'node:crypto';
import type { Clock } from '#events';

export type Claims = Readonly<Record<string, unknown>>;

/** Tokens whose claims are remembered; when there are more, the oldest is forgotten. */
export const MAX_TOKENS = 1_000;
/** How long they are, at most: what the provider changes about a user counts after so long. */
export const CLAIMS_LIFE_MS = 60_000;

/** What the provider has said about the bearers of tokens: it is asked once per token and minute, however many requests come. */
export class TokenClaims {
  private readonly known = new Map<string, { readonly until: number; readonly claims: Promise<Claims> }>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** `expiresAtS`: of the token, unix seconds. A failure is not remembered. */
  of(token: string, expiresAtS: number | undefined, ask: () => Promise<Claims>): Promise<Claims> {
    const name = createHash('sha256').update(token).digest('base64');
    const now = this.clock.now();
    const known = this.known.get(name);
    if (known !== undefined && known.until > now) return known.claims;
    this.known.delete(name);
    const claims = ask();
    this.known.set(name, { until: Math.min(now + CLAIMS_LIFE_MS, (expiresAtS ?? Infinity) * 1000), claims });
    claims.catch(() => this.known.delete(name));
    if (this.known.size > MAX_TOKENS) this.known.delete([...this.known.keys()][0] ?? '');
    return claims;
  }
}
