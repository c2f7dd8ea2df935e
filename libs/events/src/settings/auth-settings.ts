import type { Setting } from './setting.js';

/** Who may come in, and how they show who they are. */
export const AUTH_SETTINGS = [
  {
    name: 'ANKA_ENABLE_AUTH',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether callers must show who they are. While false, credentials are ignored.',
  },
  {
    name: 'ANKA_ROOT_TOKEN',
    apps: ['start', 'api'],
    kind: 'secret',
    meaning:
      'Password of `root`, at least 10 characters; needed when ANKA_ENABLE_AUTH is true. The same for all replicas.',
  },
  {
    name: 'MUSTER_NODE_TOKEN',
    apps: ['start', 'api', 'node-agent'],
    kind: 'secret',
    meaning:
      'What node agents show to the API when they fetch and store blobs, at least 10 characters. Unset: agents cannot while ANKA_ENABLE_AUTH is true; the start command makes one.',
  },
  {
    name: 'ANKA_ENABLE_API_KEYS',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether callers may log in with API keys (`/tap/v1/hand` and `/tap/v1/shake`).',
  },
  {
    name: 'ANKA_API_KEYS_SESSION_TTL',
    apps: ['api'],
    kind: 'duration',
    default: '5m',
    meaning: 'How long a session of an API key lasts.',
  },
  {
    name: 'ANKA_ENABLE_CONTROLLER_AUTHORIZATION',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether callers other than `root` may do only what their permission groups allow.',
  },
  {
    name: 'ANKA_ENABLE_RESOURCE_MANAGEMENT',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether permission groups also say which nodes and templates may be touched.',
  },
  {
    name: 'ANKA_CA_CERT',
    aliases: ['ANKA_ROOT_CERT'],
    apps: ['api'],
    kind: 'path',
    meaning:
      'PEM file with the authorities whose client certificates are good. Needs ANKA_USE_HTTPS, or ANKA_ENABLE_INGRESS_NGINX.',
  },
  {
    name: 'ANKA_CRL',
    apps: ['api'],
    kind: 'path',
    meaning: 'File (PEM or DER) with the revocation list of ANKA_CA_CERT, read at the start.',
  },
  {
    name: 'ANKA_ENABLE_INGRESS_NGINX',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning:
      'Whether the headers Ssl-Client-Verify, Ssl-Client-Cert and X-Real-IP are believed: only when nobody but ingress-nginx can reach the API.',
  },
  {
    name: 'ANKA_OIDC_PROVIDER_URL',
    apps: ['api'],
    kind: 'url',
    protocols: ['http', 'https'],
    meaning: 'Issuer whose access tokens are good. Unset: no bearer tokens but those of API keys.',
  },
  {
    name: 'ANKA_OIDC_CLIENT_ID',
    apps: ['api'],
    kind: 'string',
    meaning:
      'Client ids or audiences, separated by commas, one of which a token must name in `aud`, `azp` or `client_id`.',
  },
  {
    name: 'ANKA_OIDC_DISPLAY_NAME',
    apps: ['api'],
    kind: 'string',
    default: 'OpenID Connect',
    meaning: 'What clients call the provider.',
  },
  {
    name: 'ANKA_OIDC_USERNAME_CLAIM',
    apps: ['api'],
    kind: 'string',
    default: 'name',
    meaning: 'Claim with the name of the user; `sub` counts where it is missing.',
  },
  {
    name: 'ANKA_OIDC_GROUPS_CLAIM',
    apps: ['api'],
    kind: 'string',
    default: 'groups',
    meaning: 'Claim with the groups of the user.',
  },
  {
    name: 'ANKA_OIDC_USER_INFO',
    apps: ['api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether claims that a token lacks are asked of the provider.',
  },
  {
    name: 'ANKA_USE_HTTPS',
    apps: ['start', 'api'],
    kind: 'boolean',
    default: 'false',
    meaning: 'Whether the API speaks TLS, with ANKA_SERVER_CERT and ANKA_SERVER_KEY.',
  },
  {
    name: 'ANKA_SERVER_CERT',
    apps: ['api'],
    kind: 'path',
    meaning: 'PEM file with the certificate of the API and those between it and its authority.',
  },
  {
    name: 'ANKA_SERVER_KEY',
    apps: ['api'],
    kind: 'path',
    meaning: 'PEM file with the private key of ANKA_SERVER_CERT.',
  },
  {
    name: 'ANKA_MIN_TLS_VERSION',
    apps: ['api'],
    kind: 'enum',
    values: ['tls_1.0', 'tls_1.1', 'tls_1.2', 'tls_1.3'],
    default: 'tls_1.2',
    meaning: 'Oldest version of TLS that is spoken.',
  },
  {
    name: 'ANKA_MAX_TLS_VERSION',
    apps: ['api'],
    kind: 'enum',
    values: ['tls_1.0', 'tls_1.1', 'tls_1.2', 'tls_1.3'],
    default: 'tls_1.3',
    meaning: 'Newest version of TLS that is spoken.',
  },
  {
    name: 'ANKA_CIPHER_SUITES',
    apps: ['api'],
    kind: 'string',
    meaning:
      'Cipher suites by their IANA names, separated by commas, e.g. tls_aes_128_gcm_sha256. Unset: those of Node.',
  },
] as const satisfies readonly Setting[];
