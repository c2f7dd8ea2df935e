import { type Said, samples } from '../../../domain/src/testing/index.js';

const { allow, allowOn, apiKey, deleteKey, disallow, timers } = samples;

/** What the golden story tells of keys and permissions, at the end of it. */
const DAY_MS = 24 * 3600 * 1000;
const END = Date.UTC(2026, 0, 15, 8, 30) + 80 * 60_000;

export const ACCESS_STORY: readonly (readonly [minute: number, said: Said])[] = [
  [80, apiKey('jenkins', END + DAY_MS, { groups: ['ci', 'Dev > Ops.*'] })],
  [80, apiKey('night.build@ci', END + 60_000, { store: 'registry' })],
  [80, apiKey('leaves', END + DAY_MS)],
  [80, { type: 'UpdateApiKey', store: 'controller', keyId: 'jenkins', groups: ['ci'], expiresAt: END + 2 * DAY_MS }],
  [80, deleteKey('leaves')],
  [80, allow('ci', ['start_vm', 'list_vms'])],
  [80, allow('jenkins', ['terminate_vm'], 'user')],
  [80, allowOn('ci', [{ id: 'rack-1', type: 'node', permissions: ['list', 'create_instance'] }])],
  [80, disallow('jenkins', 'user')],
  [330, timers],
];
