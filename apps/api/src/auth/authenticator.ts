import type { Attempts } from './attempts.js';
import type { Caller } from './caller.js';
import type { ClientCertificates } from './client-certificates.js';
import { readCredentials } from './credentials.js';
import { Unauthenticated } from './failures.js';
import type { OidcProvider } from './oidc.http.js';
import type { Principal } from './principal.js';
import type { Secret } from './secret.js';
import type { Handshake } from './tap/handshake.js';

/** Who comes in with which proof; what is absent is switched off. */
export interface Proofs {
  readonly root: Secret;
  readonly node?: Secret;
  readonly handshake?: Handshake;
  readonly certificates?: ClientCertificates;
  readonly oidc?: OidcProvider;
}

const ROOT: Principal = { user: 'root', groups: [], mode: 'root', isRoot: true };
const NODE: Principal = { user: 'node', groups: [], mode: 'node', isRoot: false };
/** Actors that are not people: nobody else may act under their names. */
const RESERVED = /^(root|anonymous|control-plane|node|node\/.*)$/;
const MAX_USER_LENGTH = 256;
const CONTROL = /\p{Cc}/u;

/**
 * Who makes a request. An Authorization header is what the caller means to be known by; only without one a certificate counts. Wrong
 * credentials are never passed over for others that would do.
 */
export class Authenticator {
  constructor(
    private readonly proofs: Proofs,
    private readonly attempts: Attempts,
  ) {}

  /** Throws `Unauthenticated`, `TooManyAttempts`, or `Unavailable` when what would have to be asked is away. */
  async principalOf(caller: Caller): Promise<Principal> {
    const principal = await this.named(caller);
    const { user, isRoot, mode } = principal;
    if (isRoot || mode === 'node') return principal;
    if (RESERVED.test(user) || user.length > MAX_USER_LENGTH || CONTROL.test(user))
      throw new Unauthenticated('nobody may have that name');
    return principal;
  }

  private async named({ address, authorization, certificate }: Caller): Promise<Principal> {
    const credentials = readCredentials(authorization);
    switch (credentials.kind) {
      case 'absent':
        return this.byCertificate(certificate);
      case 'malformed':
        throw new Unauthenticated('the Authorization header is malformed');
      case 'basic':
        return this.byPassword(credentials.user, credentials.password, address);
      case 'session':
        if (this.proofs.handshake === undefined) throw new Unauthenticated('API keys are switched off');
        return this.proofs.handshake.principalOf(credentials.session);
      case 'jwt':
        if (this.proofs.oidc === undefined) throw new Unauthenticated('OpenID Connect is switched off');
        return this.proofs.oidc.principalOf(credentials.token);
    }
  }

  private byCertificate(certificate: Caller['certificate']): Principal {
    const { certificates } = this.proofs;
    if (certificate === undefined || certificates === undefined) throw new Unauthenticated('there are no credentials');
    if (certificate === 'unreadable')
      throw new Unauthenticated('the certificate cannot be read, or the proxy refuses it');
    return certificates.principalOf(certificate);
  }

  /** Root may leave its name out (anka.md §1.5). */
  private byPassword(user: string, password: string, address: string): Principal {
    this.attempts.check(address);
    const { root, node } = this.proofs;
    if ((user === 'root' || user === '') && root.matches(password)) return ROOT;
    if (user === 'node' && node?.matches(password)) return NODE;
    this.attempts.failed(address);
    throw new Unauthenticated('wrong user or password');
  }
}
