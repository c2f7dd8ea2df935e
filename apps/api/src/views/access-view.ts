import { type AccessStore, type Grantee, permissionGroupId, type ResourceGrant } from '#domain';
import type { PermissionOf } from '../auth/permission.js';
import type { SmallRow } from './small-view.js';

/** A key. Times are unix ms; its `id` is the store and the key's own id. */
export interface ApiKeyRow extends SmallRow {
  readonly store: AccessStore;
  /** What its owner calls it, and the user name of whoever uses it. */
  readonly keyId: string;
  /** PKIX DER in base64. Nobody but the owner has the private one. */
  readonly publicKey: string;
  /** Names of permission groups, whether or not they exist. */
  readonly groups: readonly string[];
  readonly expiresAt: number;
  readonly createdAt: number;
}

/** What one group or user may do. Its `id` is made of store, kind and name. */
export interface PermissionGroupRow extends SmallRow, Grantee {
  readonly store: AccessStore;
  readonly permissions: readonly string[];
  readonly resources: readonly ResourceGrant[];
}

/** A key with what its groups and its own name allow. */
export interface KeyAccess<S extends AccessStore = 'controller'> {
  readonly key: ApiKeyRow;
  readonly permissions: ReadonlySet<PermissionOf[S]>;
}

/**
 * Keys and permissions as of the last sequence that the projection has reached. An expired key is not there, whether or not it was
 * cleaned away yet. `store` is the controller's unless given. Every method is at most one query and throws `Unavailable` when the
 * store is away.
 */
export interface AccessView {
  apiKey(keyId: string, store?: AccessStore): Promise<ApiKeyRow | undefined>;
  /** In the order of their ids. */
  apiKeys(store?: AccessStore): Promise<readonly ApiKeyRow[]>;
  /** The key and what it allows now, in one look: for whoever has the key's session. */
  keyAccess<S extends AccessStore = 'controller'>(keyId: string, store?: S): Promise<KeyAccess<S> | undefined>;
  /** All that any of the groups, or the user by name, may do. */
  permissionsOf<S extends AccessStore = 'controller'>(
    groups: readonly string[],
    user: string,
    store?: S,
  ): Promise<ReadonlySet<PermissionOf[S]>>;
  /** What any of the groups, or the user by name, may do with which resource; one that several name is there several times. */
  resourcesOf(groups: readonly string[], user?: string, store?: AccessStore): Promise<readonly ResourceGrant[]>;
  permissionGroup(grantee: Grantee, store?: AccessStore): Promise<PermissionGroupRow | undefined>;
  /** In the order of kind, then name. */
  permissionGroups(store?: AccessStore): Promise<readonly PermissionGroupRow[]>;
}

/** Rows of every grantee that speaks for the caller. */
export const granteeIds = (store: AccessStore, groups: readonly string[], user: string | undefined): string[] => [
  ...groups.map((name) => permissionGroupId(store, { kind: 'group', name })),
  ...(user === undefined ? [] : [permissionGroupId(store, { kind: 'user', name: user })]),
];
