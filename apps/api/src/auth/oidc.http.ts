import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type Clock, Unavailable } from '#events';
import { Unauthenticated } from './failures.js';
import type { Principal } from './principal.js';
import { type Claims, TokenClaims } from './token-claims.js';

export interface OidcConfig {
  /** Issuer, as its tokens name it. */
  readonly providerUrl: string;
  /** One of these must be the audience or the client of a token. */
  readonly clientIds: readonly string[];
  readonly displayName: string;
  readonly userNameClaim: string;
  readonly groupsClaim: string;
  /** Claims that a token lacks are asked of the provider. */
  readonly askUserInfo: boolean;
}

/** Signatures by a public key only: with a shared secret, whoever can check a token could also make one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_S = 30;
const ASK_LIMIT_MS = 5_000;
/** How long what the provider said of itself counts. */
const DISCOVERY_LIFE_MS = 3_600_000;
/** What a provider says when a token does not open the route that tells of its bearer. */
const REFUSED: ReadonlySet<number> = new Set([400, 401, 403]);
/** A provider that could not be asked is left alone for so long. */
const PAUSE_MS = 5_000;
/** How long keys of the provider count; an unknown key is looked for at most once in the pause. */
const KEYS = { timeoutDuration: ASK_LIMIT_MS, cooldownDuration: 30_000, cacheMaxAge: 600_000 };

interface Discovered {
  readonly keys: JWTVerifyGetKey;
  readonly userInfoUrl: string | undefined;
}

/** Whose access token it is, by the keys of the provider that has issued it. */
export class OidcProvider {
  private found: { readonly at: number; readonly answer: Promise<Discovered>; failed?: true } | undefined;
  private readonly claims: TokenClaims;

  constructor(
    readonly config: OidcConfig,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.claims = new TokenClaims(clock);
  }

  /** Throws `Unauthenticated`, or `Unavailable` when the provider would have to be asked and is away. */
  async principalOf(token: string): Promise<Principal> {
    const { keys, userInfoUrl } = await this.discovered();
    const payload = await this.verified(token, keys);
    const { userNameClaim, groupsClaim, askUserInfo } = this.config;
    const lacks = payload[userNameClaim] === undefined || payload[groupsClaim] === undefined;
    const url = lacks && askUserInfo ? userInfoUrl : undefined;
    const asked =
      url === undefined ? {} : await this.claims.of(token, payload.exp, () => userInfo(url, token, payload.sub));
    const known = { ...asked, ...payload };
    const user = known[userNameClaim] ?? payload.sub;
    if (typeof user !== 'string' || user === '')
      throw new Unauthenticated(`the token has no ${userNameClaim} and no sub`);
    return { user, groups: textsIn(known[groupsClaim]), mode: 'oidc', isRoot: false };
  }

  private async verified(token: string, keys: JWTVerifyGetKey): Promise<JWTPayload> {
    const options = {
      issuer: this.config.providerUrl,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ['exp'],
      currentDate: new Date(this.clock.now()),
    };
    try {
      const { payload } = await jwtVerify(token, keys, options);
      this.checkAudience(payload);
      return payload;
    } catch (cause) {
      throw meaningOf(cause);
    }
  }

  /** Access tokens of different providers say in different places for whom they are. */
  private checkAudience({ aud, azp, client_id }: JWTPayload): void {
    const named = [...textsIn(aud), ...textsIn(azp), ...textsIn(client_id)];
    if (!named.some((name) => this.config.clientIds.includes(name)))
      throw new Unauthenticated('the token is for somebody else');
  }

  private discovered(): Promise<Discovered> {
    const age = this.clock.now() - (this.found?.at ?? -Infinity);
    const lifeMs = this.found?.failed ? PAUSE_MS : DISCOVERY_LIFE_MS;
    if (this.found !== undefined && age < lifeMs) return this.found.answer;
    const found: NonNullable<typeof this.found> = { at: this.clock.now(), answer: discover(this.config.providerUrl) };
    this.found = found;
    found.answer.catch(() => (found.failed = true));
    return found.answer;
  }
}

async function discover(providerUrl: string): Promise<Discovered> {
  const about = await ask(`${providerUrl.replace(/\/+$/, '')}/.well-known/openid-configuration`);
  const { issuer, jwks_uri, userinfo_endpoint } = about;
  if (issuer !== providerUrl)
    throw away(`it calls itself ${JSON.stringify(issuer)}; ANKA_OIDC_PROVIDER_URL must be the very same`);
  if (typeof jwks_uri !== 'string' || !URL.canParse(jwks_uri)) throw away('it does not say where its keys are');
  return {
    keys: createRemoteJWKSet(new URL(jwks_uri), KEYS),
    userInfoUrl: typeof userinfo_endpoint === 'string' ? userinfo_endpoint : undefined,
  };
}

/** Nothing for a token that the provider gives to programs, and about somebody else than the token. */
async function userInfo(url: string, token: string, sub: unknown): Promise<Claims> {
  const told = await ask(url, { authorization: `Bearer ${token}` });
  return told['sub'] === sub ? told : {};
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<Claims> {
  try {
    // A redirect would carry the token to whatever host it names.
    const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(ASK_LIMIT_MS) });
    if (headers['authorization'] !== undefined && REFUSED.has(response.status)) return {};
    if (!response.ok) throw away(`HTTP ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  } catch (cause) {
    throw cause instanceof Unavailable ? cause : away(String(cause), cause);
  }
}

/** A provider that cannot be asked is a fault; everything else is a bad token. */
function meaningOf(cause: unknown): Error {
  if (cause instanceof Unauthenticated) return cause;
  if (cause instanceof errors.JWKSTimeout || !(cause instanceof errors.JOSEError)) return away(String(cause), cause);
  // What jose throws when the answer with the keys is none.
  if (cause.code === 'ERR_JOSE_GENERIC') return away(cause.message, cause);
  return new Unauthenticated(`the token is not good: ${cause.code}`);
}

const away = (detail: string, cause?: unknown): Unavailable =>
  new Unavailable('identity-provider', `Cannot ask the OpenID provider: ${detail}`, { cause });

function textsIn(claim: unknown): string[] {
  const values: unknown[] = Array.isArray(claim) ? claim : [claim];
  return values.filter((value): value is string => typeof value === 'string' && value !== '');
}
