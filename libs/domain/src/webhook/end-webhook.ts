import { MAX_ERROR_LENGTH } from '../limits.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { DeleteWebhookCommand, DisableWebhookCommand } from './webhook-events.js';
import { webhookFor } from './webhook-rules.js';

/** Ends deliveries to an endpoint that fails, until an operator enables it again. */
export function disableWebhook(turn: Turn, command: DisableWebhookCommand): Refusal | undefined {
  if (turn.resumed) return undefined;
  const found = webhookFor(turn, command);
  if ('refusal' in found) return found.refusal;
  const { id, enabled } = found.webhook;
  const reason = command.reason.slice(0, MAX_ERROR_LENGTH);
  if (enabled) turn.emit({ type: 'WebhookDisabled', webhookId: id, by: 'delivery', reason });
  return undefined;
}

/** Takes an endpoint away, with all that waits for it. */
export function deleteWebhook(turn: Turn, command: DeleteWebhookCommand): Refusal | undefined {
  if (turn.resumed) return undefined;
  const found = webhookFor(turn, command);
  if ('refusal' in found) return found.refusal;
  turn.emit({ type: 'DeleteWebhook', webhookId: found.webhook.id });
  return undefined;
}
