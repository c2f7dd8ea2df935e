import { isId, webhookId, type WebhookId } from '../ids.js';
import { MAX_WEBHOOKS } from '../limits.js';
import { outOfRange, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { CreateWebhookCommand } from './webhook-events.js';
import { refuseWebhookName } from './webhook-rules.js';

/** Makes an endpoint. */
export function createWebhook(turn: Turn, command: CreateWebhookCommand): Refusal | undefined {
  if (turn.resumed) return undefined;
  const refusal = refuse(turn, command);
  if (refusal !== undefined) return refusal;
  const { webhookId: id, name, enabled } = command;
  turn.emit({ type: 'CreateWebhook', webhookId: webhookId(id), name, ...(enabled === false && { enabled }) });
  return undefined;
}

function refuse({ cluster }: Turn, { webhookId: id, name }: CreateWebhookCommand): Refusal | undefined {
  if (!isId(id)) return { code: 'INVALID', field: 'webhookId', message: 'is not a valid id' };
  if (cluster.webhooks.has(id as WebhookId)) return { code: 'WEBHOOK_EXISTS', webhookId: id };
  return outOfRange('webhooks', cluster.webhooks.size + 1, 0, MAX_WEBHOOKS) ?? refuseWebhookName(name);
}
