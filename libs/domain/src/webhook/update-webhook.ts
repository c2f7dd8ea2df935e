import type { WebhookId } from '../ids.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { Webhook } from './webhook.js';
import type { UpdateWebhookCommand } from './webhook-events.js';
import { refuseFields, refuseWebhookName, webhookFor } from './webhook-rules.js';

/** Changes an endpoint, and with it, perhaps, whether it gets events at all. */
export function updateWebhook(turn: Turn, command: UpdateWebhookCommand): Refusal | undefined {
  const refusal = turn.resumed ? undefined : change(turn, command);
  if (refusal !== undefined) return refusal;
  const webhook = turn.cluster.webhooks.get(command.webhookId as WebhookId);
  if (webhook === undefined || !isSwitched(webhook, command)) return undefined;
  const { id } = webhook;
  turn.emit(
    command.enabled
      ? { type: 'WebhookEnabled', webhookId: id }
      : { type: 'WebhookDisabled', webhookId: id, by: 'operator' },
  );
  return undefined;
}

/** The request itself is the first fact, whatever follows from it. */
function change(turn: Turn, command: UpdateWebhookCommand): Refusal | undefined {
  const found = webhookFor(turn, command);
  if ('refusal' in found) return found.refusal;
  const refusal = refuseWebhookName(command.name) ?? refuseFields(command.changed);
  if (refusal !== undefined) return refusal;
  const { id, name } = found.webhook;
  const newName = command.name === undefined || command.name === name ? {} : { name: command.name };
  const changed = [...new Set(command.changed)].sort();
  if (changed.length > 0 || 'name' in newName || isSwitched(found.webhook, command))
    turn.emit({ type: 'UpdateWebhook', webhookId: id, ...newName, changed });
  return undefined;
}

const isSwitched = (webhook: Webhook, { enabled }: UpdateWebhookCommand): boolean =>
  enabled !== undefined && enabled !== webhook.enabled;
