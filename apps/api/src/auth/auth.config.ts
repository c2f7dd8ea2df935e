import { type Environment, readSettings } from '#events';
import type { OidcConfig } from './oidc.http.js';

/** What an operator may set about who comes in. */
export interface AuthConfig {
  /** Secret. */
  readonly rootToken: string;
  /** Secret. */
  readonly nodeToken?: string;
  /** How long a session of an API key lasts; undefined: nobody logs in with keys. */
  readonly sessionTtlMs?: number;
  readonly usesPermissions: boolean;
  readonly usesResources: boolean;
  readonly authoritiesFile?: string;
  readonly revocationsFile?: string;
  /** Headers about the client are believed. */
  readonly behindIngress: boolean;
  readonly oidc?: OidcConfig;
}

/** The least length of a secret that people choose (anka.md §1.5). */
export const MIN_TOKEN_LENGTH = 10;

const NAMES = [
  'ANKA_ENABLE_AUTH',
  'ANKA_ROOT_TOKEN',
  'MUSTER_NODE_TOKEN',
  'ANKA_ENABLE_API_KEYS',
  'ANKA_API_KEYS_SESSION_TTL',
  'ANKA_ENABLE_CONTROLLER_AUTHORIZATION',
  'ANKA_ENABLE_RESOURCE_MANAGEMENT',
  'ANKA_CA_CERT',
  'ANKA_CRL',
  'ANKA_ENABLE_INGRESS_NGINX',
  'ANKA_OIDC_PROVIDER_URL',
  'ANKA_OIDC_CLIENT_ID',
  'ANKA_OIDC_DISPLAY_NAME',
  'ANKA_OIDC_USERNAME_CLAIM',
  'ANKA_OIDC_GROUPS_CLAIM',
  'ANKA_OIDC_USER_INFO',
  'ANKA_USE_HTTPS',
] as const;

type Settings = ReturnType<typeof readSettings<(typeof NAMES)[number]>>;

/** Undefined: nobody has to say who it is. Throws for settings that cannot go together, without naming a secret's value. */
export function readAuthConfig(env: Environment = process.env): AuthConfig | undefined {
  const settings = readSettings(env, NAMES);
  if (!settings.ANKA_ENABLE_AUTH) return undefined;
  check(settings);
  const oidc = oidcOf(settings);
  return {
    rootToken: settings.ANKA_ROOT_TOKEN ?? '',
    ...(settings.MUSTER_NODE_TOKEN !== undefined && { nodeToken: settings.MUSTER_NODE_TOKEN }),
    ...(settings.ANKA_ENABLE_API_KEYS && { sessionTtlMs: settings.ANKA_API_KEYS_SESSION_TTL }),
    usesPermissions: settings.ANKA_ENABLE_CONTROLLER_AUTHORIZATION,
    usesResources: settings.ANKA_ENABLE_RESOURCE_MANAGEMENT,
    ...(settings.ANKA_CA_CERT !== undefined && { authoritiesFile: settings.ANKA_CA_CERT }),
    ...(settings.ANKA_CRL !== undefined && { revocationsFile: settings.ANKA_CRL }),
    behindIngress: settings.ANKA_ENABLE_INGRESS_NGINX,
    ...(oidc && { oidc }),
  };
}

function check(settings: Settings): void {
  const problems: string[] = [];
  const { ANKA_ROOT_TOKEN: root, MUSTER_NODE_TOKEN: node } = settings;
  if (root === undefined || root.length < MIN_TOKEN_LENGTH)
    problems.push(`ANKA_ROOT_TOKEN must have at least ${MIN_TOKEN_LENGTH} characters while ANKA_ENABLE_AUTH is true`);
  if (node !== undefined && node.length < MIN_TOKEN_LENGTH)
    problems.push(`MUSTER_NODE_TOKEN must have at least ${MIN_TOKEN_LENGTH} characters`);
  if (settings.ANKA_CRL !== undefined && settings.ANKA_CA_CERT === undefined)
    problems.push('ANKA_CRL is nothing without ANKA_CA_CERT');
  if (settings.ANKA_ENABLE_INGRESS_NGINX && settings.ANKA_USE_HTTPS && settings.ANKA_CA_CERT !== undefined)
    problems.push('Client certificates come with ANKA_USE_HTTPS or through ANKA_ENABLE_INGRESS_NGINX, not both');
  if (settings.ANKA_OIDC_PROVIDER_URL !== undefined && clientIdsOf(settings).length === 0)
    problems.push('ANKA_OIDC_CLIENT_ID must say for whom the tokens of ANKA_OIDC_PROVIDER_URL are');
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function oidcOf(settings: Settings): OidcConfig | undefined {
  const providerUrl = settings.ANKA_OIDC_PROVIDER_URL;
  if (providerUrl === undefined) return undefined;
  return {
    providerUrl,
    clientIds: clientIdsOf(settings),
    displayName: settings.ANKA_OIDC_DISPLAY_NAME,
    userNameClaim: settings.ANKA_OIDC_USERNAME_CLAIM,
    groupsClaim: settings.ANKA_OIDC_GROUPS_CLAIM,
    askUserInfo: settings.ANKA_OIDC_USER_INFO,
  };
}

const clientIdsOf = (settings: Settings): string[] =>
  (settings.ANKA_OIDC_CLIENT_ID ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
