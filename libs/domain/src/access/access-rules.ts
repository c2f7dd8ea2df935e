import { isId } from '../ids.js';
import {
  MAX_API_KEY_LIFE_MS,
  MAX_GRANTEE_NAME_LENGTH,
  MAX_GROUPS_PER_API_KEY,
  MAX_PERMISSION_NAME_LENGTH,
  MAX_PERMISSIONS_PER_GRANTEE,
  MAX_PERMISSIONS_PER_RESOURCE,
  MAX_RESOURCES_PER_GRANTEE,
} from '../limits.js';
import { notOneOf, outOfRange, type Refusal } from '../refusal.js';
import { ACCESS_STORES, type AccessStore, type Grantee, GRANTEE_KINDS, RESOURCE_TYPES } from './access.js';
import type { ResourceGrant } from './access.js';

/** Control characters, and halves of characters, which no subject and no database takes. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
const PERMISSION = new RegExp(`^[a-z0-9_]{1,${MAX_PERMISSION_NAME_LENGTH}}$`);

/** Names come from certificates and identity providers, so they are any text. */
export function refuseName(field: string, name: string): Refusal | undefined {
  if (name.length >= 1 && name.length <= MAX_GRANTEE_NAME_LENGTH && !UNPRINTABLE.test(name)) return undefined;
  const message = `must have 1 to ${MAX_GRANTEE_NAME_LENGTH} characters, none of them a control character`;
  return { code: 'INVALID', field, message };
}

export const refuseStore = (store: AccessStore): Refusal | undefined => notOneOf('store', store, ACCESS_STORES);

export function refuseGrantee({ kind, name }: Grantee): Refusal | undefined {
  return notOneOf('kind', kind, GRANTEE_KINDS) ?? refuseName('name', name);
}

/** Checks what is there of a key. `now`: unix ms. */
export function refuseKeyFields(
  { groups, expiresAt }: { groups?: readonly string[]; expiresAt?: number },
  now: number,
): Refusal | undefined {
  return (
    (groups && outOfRange('groups', groups.length, 0, MAX_GROUPS_PER_API_KEY)) ??
    firstOf(groups, (group) => refuseName('groups', group)) ??
    (expiresAt === undefined ? undefined : outOfRange('expiresAt', expiresAt, now + 1, now + MAX_API_KEY_LIFE_MS))
  );
}

export function refusePermissions(
  permissions: readonly string[],
  max: number = MAX_PERMISSIONS_PER_GRANTEE,
): Refusal | undefined {
  return (
    outOfRange('permissions', permissions.length, 0, max) ??
    firstOf(permissions, (name) => {
      if (PERMISSION.test(name)) return undefined;
      const message = `must be names of at most ${MAX_PERMISSION_NAME_LENGTH} of a–z, 0–9 and _`;
      return { code: 'INVALID', field: 'permissions', message };
    })
  );
}

export function refuseResources(resources: readonly ResourceGrant[]): Refusal | undefined {
  return (
    outOfRange('resources', resources.length, 0, MAX_RESOURCES_PER_GRANTEE) ??
    firstOf(resources, ({ id, type, permissions }) => {
      if (!isId(id)) return { code: 'INVALID', field: 'id', message: 'is not a valid id' };
      return notOneOf('type', type, RESOURCE_TYPES) ?? refusePermissions(permissions, MAX_PERMISSIONS_PER_RESOURCE);
    })
  );
}

/** Sorted, each once: the same wish is the same list. */
export const inOrder = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** The same for resources: one named several times has all of what is said of it, one without permissions is left out. */
export function resourcesInOrder(resources: readonly ResourceGrant[]): ResourceGrant[] {
  const found = new Map<string, ResourceGrant>();
  for (const { id, type, permissions } of resources) {
    const key = `${type} ${id}`;
    found.set(key, { id, type, permissions: inOrder([...(found.get(key)?.permissions ?? []), ...permissions]) });
  }
  return inOrder([...found.keys()])
    .map((key) => found.get(key))
    .filter((grant) => grant !== undefined)
    .filter(({ permissions }) => permissions.length > 0);
}

/** Whether two lists that are in order say the same. */
export const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

function firstOf<T>(list: readonly T[] | undefined, check: (item: T) => Refusal | undefined): Refusal | undefined {
  for (const item of list ?? []) {
    const refusal = check(item);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
