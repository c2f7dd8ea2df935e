import { ACCESS_STORES, type Command, type Grantee, GRANTEE_KINDS, RESOURCE_TYPES, type ResourceGrant } from '#domain';
import { type Fields, listOf, number, oneOf, optional, record, text } from './shape.js';

type Shape<Type extends Command['type']> = Fields<Omit<Extract<Command, { type: Type }>, 'type'>>;

const STORE = oneOf(...ACCESS_STORES);
const KEY = { store: STORE, keyId: text };
const GRANTEE = { store: STORE, grantee: record<Grantee>({ kind: oneOf(...GRANTEE_KINDS), name: text }) };
const RESOURCES = listOf(
  record<ResourceGrant>({ id: text, type: oneOf(...RESOURCE_TYPES), permissions: listOf(text) }),
);

/** What the fields of the commands about keys and permissions must be. */
export const ACCESS_SHAPES = {
  CreateApiKey: { ...KEY, publicKey: text, groups: listOf(text), expiresAt: number } satisfies Shape<'CreateApiKey'>,
  UpdateApiKey: {
    ...KEY,
    groups: optional(listOf(text)),
    expiresAt: optional(number),
  } satisfies Shape<'UpdateApiKey'>,
  DeleteApiKey: KEY satisfies Shape<'DeleteApiKey'>,
  SetGroupPermissions: { ...GRANTEE, permissions: listOf(text) } satisfies Shape<'SetGroupPermissions'>,
  SetResourcePermissions: { ...GRANTEE, resources: RESOURCES } satisfies Shape<'SetResourcePermissions'>,
  DeletePermissionGroup: GRANTEE satisfies Shape<'DeletePermissionGroup'>,
};
