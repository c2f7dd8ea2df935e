import type { AccessView } from '../views/index.js';
import type { Authenticator } from './authenticator.js';
import type { OidcConfig } from './oidc.http.js';
import type { Login } from './tap/login.js';

/** Who may come in through the doors, and what each may do. */
export interface Auth {
  /** Undefined: nobody has to say who it is, and what a caller says of itself is ignored. */
  readonly authenticator?: Authenticator;
  /** Log-in by API keys. */
  readonly login?: Login;
  /** Where what each caller may do is found; undefined: everything. */
  readonly permissions?: AccessView;
  /** Where it is found what each caller may touch; undefined: everything. */
  readonly resources?: AccessView;
  /** Headers of a proxy about its client are believed. */
  readonly behindIngress: boolean;
  /** What clients are told about the provider of their tokens. */
  readonly oidc?: OidcConfig;
}

export const AUTH = Symbol('Auth');

export const NO_AUTH: Auth = { behindIngress: false };
