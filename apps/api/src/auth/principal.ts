/** How a caller came to its name. */
export type Mode = 'none' | 'root' | 'key' | 'certificate' | 'oidc' | 'node';

/** Who makes a request. */
export interface Principal {
  /** Actor of its commands: `root`, the id of an API key, the common name of a certificate, `anonymous` while nobody has to say so. */
  readonly user: string;
  /** The groups whose permissions it has. */
  readonly groups: readonly string[];
  readonly mode: Mode;
  /** May do everything, whatever its groups. */
  readonly isRoot: boolean;
}

/** Who asks while nobody has to say so. */
export const ANONYMOUS: Principal = { user: 'anonymous', groups: [], mode: 'none', isRoot: false };
