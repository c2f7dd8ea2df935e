/** What an Authorization header holds. `malformed`: something that is none of these. */
export type Credentials =
  | { readonly kind: 'absent' | 'malformed' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'jwt'; readonly token: string };

/** What a client of an API key got when it logged in, and sends with each request (anka.md §1.5). */
export interface Session {
  readonly userName: string;
  readonly sessionId: string;
  readonly token: string;
}

/** Longest header that is looked at. */
export const MAX_AUTHORIZATION_LENGTH = 16 * 1024;
const SCHEME = /^(basic|bearer) +(\S+)$/i;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const BASE64 = /^[\w+/-]+={0,2}$/;
const MALFORMED = { kind: 'malformed' } as const;

export function readCredentials(authorization: string | undefined): Credentials {
  if (authorization === undefined || authorization === '') return { kind: 'absent' };
  if (authorization.length > MAX_AUTHORIZATION_LENGTH) return MALFORMED;
  const [, scheme = '', text = ''] = SCHEME.exec(authorization.trim()) ?? [];
  if (scheme.toLowerCase() === 'basic') return basic(text);
  if (JWT.test(text)) return { kind: 'jwt', token: text };
  return text === '' ? MALFORMED : bearer(text);
}

function basic(text: string): Credentials {
  const plain = decoded(text);
  const colon = plain?.indexOf(':') ?? -1;
  if (plain === undefined || colon < 0) return MALFORMED;
  return { kind: 'basic', user: plain.slice(0, colon), password: plain.slice(colon + 1) };
}

/** Standard or URL-safe base64 of JSON in any layout: clients differ. */
function bearer(text: string): Credentials {
  try {
    const session = JSON.parse(decoded(text) ?? '') as Partial<Record<keyof Session, unknown>> | null;
    const { userName, sessionId, token } = session ?? {};
    if (typeof userName !== 'string' || typeof sessionId !== 'string' || typeof token !== 'string') return MALFORMED;
    return { kind: 'session', session: { userName, sessionId, token } };
  } catch {
    return MALFORMED;
  }
}

const decoded = (text: string): string | undefined =>
  BASE64.test(text) ? Buffer.from(text, 'base64').toString('utf8') : undefined;
