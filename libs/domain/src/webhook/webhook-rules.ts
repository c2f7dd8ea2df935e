import type { WebhookId } from '../ids.js';
import { MAX_NAME_LENGTH, MAX_WEBHOOK_FIELDS } from '../limits.js';
import { outOfRange, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { tooLong } from '../vm/request-rules.js';
import type { Webhook } from './webhook.js';

const FIELD = /^[a-zA-Z]{1,32}$/;

/** Checks a name, if there is one. */
export function refuseWebhookName(name: string | undefined): Refusal | undefined {
  if (name === '') return { code: 'INVALID', field: 'name', message: 'must not be empty' };
  return tooLong('name', name, MAX_NAME_LENGTH);
}

/** Checks the names of fields: they go into the log, where nothing else of the fields may. */
export function refuseFields(changed: readonly string[]): Refusal | undefined {
  if (changed.every((name) => FIELD.test(name))) return outOfRange('changed', changed.length, 0, MAX_WEBHOOK_FIELDS);
  return { code: 'INVALID', field: 'changed', message: 'must be names of at most 32 letters' };
}

/** The webhook, when it is in the state that the caller means; else why not. */
export function webhookFor(
  { cluster }: Turn,
  { webhookId, expected }: { webhookId: string; expected?: number },
): { webhook: Webhook } | { refusal: Refusal } {
  const webhook = cluster.webhooks.get(webhookId as WebhookId);
  if (webhook === undefined) return { refusal: { code: 'WEBHOOK_UNKNOWN', webhookId } };
  if (expected !== undefined && expected !== webhook.version)
    return { refusal: { code: 'WEBHOOK_CHANGED', webhookId, version: webhook.version } };
  return { webhook };
}
