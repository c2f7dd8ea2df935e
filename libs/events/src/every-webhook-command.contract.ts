import type { Command } from '#domain';
import { samples } from '../../domain/src/testing/index.js';

const { changeHook, deleteHook, disableHook, hook } = samples;

type FullCommands = { readonly [T in Command['type']]?: Extract<Command, { type: T }> };

/** One command of each type that is about webhooks, with every field that it may have. */
export const FULL_WEBHOOK = {
  CreateWebhook: { ...hook('w'), enabled: true },
  UpdateWebhook: changeHook('w', { name: 'x', changed: ['url'], enabled: false, expected: 1 }),
  DisableWebhook: disableHook('w', 'gone', 1),
  DeleteWebhook: deleteHook('w'),
} as const satisfies FullCommands;

/** Those of the fields that may be missing. */
export const OPTIONAL_WEBHOOK = [
  'CreateWebhook.enabled',
  'UpdateWebhook.name',
  'UpdateWebhook.enabled',
  'UpdateWebhook.expected',
  'DisableWebhook.expected',
];
