import type { Clock, SingleUse } from '#events';
import { read } from '../shell/tls-options.driver.js';
import type { AccessView } from '../views/index.js';
import { Attempts, PER_ADDRESS, PER_KEY } from './attempts.js';
import { type Auth, NO_AUTH } from './auth.js';
import type { AuthConfig } from './auth.config.js';
import { Authenticator } from './authenticator.js';
import { ClientCertificates } from './client-certificates.js';
import { OidcProvider } from './oidc.http.js';
import { Secret } from './secret.js';
import { Handshake } from './tap/handshake.js';
import { Login } from './tap/login.js';
import { newNonce } from './tap/nonce.system.js';
import { SigningKey } from './tap/signing-key.js';

export interface AuthParts {
  readonly access: AccessView;
  readonly singleUse: Pick<SingleUse, 'use'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Makes ready what is switched on. Throws for files that cannot be read or are not what they must be. */
export async function openAuth(config: AuthConfig | undefined, parts: AuthParts): Promise<Auth> {
  if (config === undefined) return NO_AUTH;
  const { access, clock } = parts;
  const byAddress = new Attempts(clock, PER_ADDRESS);
  const handshake = handshakeOf(config, parts);
  const certificates = await certificatesOf(config, clock);
  const proofs = {
    root: new Secret(config.rootToken),
    ...(config.nodeToken !== undefined && { node: new Secret(config.nodeToken) }),
    ...(handshake && { handshake }),
    ...(certificates && { certificates }),
    ...(config.oidc && { oidc: new OidcProvider(config.oidc, clock) }),
  };
  return {
    authenticator: new Authenticator(proofs, byAddress),
    ...(handshake && { login: new Login(handshake, byAddress, new Attempts(clock, PER_KEY)) }),
    ...(config.usesPermissions && { permissions: access }),
    ...(config.usesResources && { resources: access }),
    behindIngress: config.behindIngress,
    ...(config.oidc && { oidc: config.oidc }),
  };
}

function handshakeOf({ rootToken, sessionTtlMs }: AuthConfig, parts: AuthParts): Handshake | undefined {
  if (sessionTtlMs === undefined) return undefined;
  return new Handshake({ ...parts, keys: SigningKey.keysOf(rootToken), newNonce, sessionTtlMs });
}

async function certificatesOf(
  { authoritiesFile, revocationsFile }: AuthConfig,
  clock: Pick<Clock, 'now'>,
): Promise<ClientCertificates | undefined> {
  if (authoritiesFile === undefined) return undefined;
  const revocations = revocationsFile === undefined ? undefined : read('ANKA_CRL', revocationsFile);
  return ClientCertificates.open(read('ANKA_CA_CERT', authoritiesFile).toString('utf8'), revocations, clock);
}
