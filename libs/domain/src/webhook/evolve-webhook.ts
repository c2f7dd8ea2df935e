import type { Cluster } from '../cluster.js';
import type { WebhookEvent } from './webhook-events.js';

/** Folds one fact about an endpoint. Total: a fact about an unknown one changes nothing. */
export function evolveWebhook(cluster: Cluster, event: WebhookEvent): void {
  const { webhooks, sequence } = cluster;
  const { webhookId: id } = event;
  if (event.type === 'CreateWebhook')
    return void webhooks.set(id, { id, name: event.name, enabled: event.enabled ?? true, version: sequence });
  if (event.type === 'DeleteWebhook') return void webhooks.delete(id);
  const webhook = webhooks.get(id);
  if (webhook === undefined) return;
  webhook.version = sequence;
  if (event.type === 'WebhookEnabled') webhook.enabled = true;
  else if (event.type === 'WebhookDisabled') webhook.enabled = false;
  else if (event.name !== undefined) webhook.name = event.name;
}
