import type { AccessStore, Grantee, ResourceGrant } from './access.js';

/** Each is both: the command, and the fact that it was accepted. Facts have sorted lists without repetitions. */
type AccessAction =
  CreateApiKey | UpdateApiKey | DeleteApiKey | SetGroupPermissions | SetResourcePermissions | DeletePermissionGroup;

export type AccessCommand = AccessAction;

/** Facts about who may do what. */
export type AccessEvent = AccessAction | { type: 'ApiKeyExpired'; store: AccessStore; keyId: string };

/** Makes a key. Only its public half is ever told (anka.md §2.8). */
export interface CreateApiKey {
  type: 'CreateApiKey';
  store: AccessStore;
  /** Also the user name of whoever uses the key. */
  keyId: string;
  /** PKIX DER in base64. */
  publicKey: string;
  /** Names of permission groups, whether or not there are such. */
  groups: readonly string[];
  /** Unix ms. */
  expiresAt: number;
}

/** Absent fields stay as they are. The public key cannot change. */
export interface UpdateApiKey {
  type: 'UpdateApiKey';
  store: AccessStore;
  keyId: string;
  groups?: readonly string[];
  expiresAt?: number;
}

export interface DeleteApiKey {
  type: 'DeleteApiKey';
  store: AccessStore;
  keyId: string;
}

/** From now on the grantee may do this, and nothing else. */
export interface SetGroupPermissions {
  type: 'SetGroupPermissions';
  store: AccessStore;
  grantee: Grantee;
  permissions: readonly string[];
}

/** The same for single nodes and templates. */
export interface SetResourcePermissions {
  type: 'SetResourcePermissions';
  store: AccessStore;
  grantee: Grantee;
  resources: readonly ResourceGrant[];
}

/** The grantee may do nothing any more. Keys keep the name of the group. */
export interface DeletePermissionGroup {
  type: 'DeletePermissionGroup';
  store: AccessStore;
  grantee: Grantee;
}
