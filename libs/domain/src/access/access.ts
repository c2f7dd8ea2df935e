/** Which door a key or a permission group is for: the controller's and the registry's are apart (anka.md §2.8, §2.10). */
export const ACCESS_STORES = ['controller', 'registry'] as const;
export type AccessStore = (typeof ACCESS_STORES)[number];

/** A user API key, as decisions need it. Its public key is in its event alone: nothing is decided by it. */
export interface ApiKey {
  readonly store: AccessStore;
  readonly keyId: string;
  groups: readonly string[];
  /** From then on it does not work, unix ms. */
  expiresAt: number;
  /** When it is taken away, unix ms: never before it has expired. */
  dueAt: number;
}

/** Whom permissions are given to: whoever carries the name of the group, or the one user of the name. */
export const GRANTEE_KINDS = ['group', 'user'] as const;
export interface Grantee {
  readonly kind: (typeof GRANTEE_KINDS)[number];
  readonly name: string;
}

export const RESOURCE_TYPES = ['node', 'template'] as const;

/** What may be done with one node or template (anka.md §2.9). */
export interface ResourceGrant {
  readonly id: string;
  readonly type: (typeof RESOURCE_TYPES)[number];
  readonly permissions: readonly string[];
}

/** What one grantee may do. */
export interface PermissionGroup {
  readonly store: AccessStore;
  readonly grantee: Grantee;
  /** Names of permissions, sorted. What they mean is the doors' to say: an unknown one allows nothing. */
  permissions: readonly string[];
  /** By type, then id. */
  resources: readonly ResourceGrant[];
}

/** One id for a key of either store. No store has a slash in its name, so no two keys have the same. */
export const apiKeyId = (store: AccessStore, keyId: string): string => `${store}/${keyId}`;

/** The same for a permission group. */
export const permissionGroupId = (store: AccessStore, { kind, name }: Grantee): string => `${store}/${kind}/${name}`;
