import type { Command } from '#domain';
import { samples } from '../../domain/src/testing/index.js';

const { allow, allowOn, apiKey, deleteKey, disallow } = samples;

type FullCommands = { readonly [T in Command['type']]?: Extract<Command, { type: T }> };

/** One command of each type that is about keys and permissions, with every field that it may have. */
export const FULL_ACCESS = {
  CreateApiKey: apiKey('k', 1, { groups: ['ci'] }),
  UpdateApiKey: { type: 'UpdateApiKey', store: 'registry', keyId: 'k', groups: ['ci'], expiresAt: 2 },
  DeleteApiKey: deleteKey('k'),
  SetGroupPermissions: allow('ci', ['list_vms']),
  SetResourcePermissions: allowOn('ci', [{ id: 'n', type: 'node', permissions: ['list'] }]),
  DeletePermissionGroup: disallow('ci'),
} as const satisfies FullCommands;

/** Those of the fields that may be missing. */
export const OPTIONAL_ACCESS = ['UpdateApiKey.groups', 'UpdateApiKey.expiresAt'];
