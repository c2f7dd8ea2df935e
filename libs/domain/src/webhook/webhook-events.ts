import type { WebhookId } from '../ids.js';
import type { Disabler } from './webhook.js';

export type WebhookCommand = CreateWebhookCommand | UpdateWebhookCommand | DisableWebhookCommand | DeleteWebhookCommand;

/** Makes an endpoint. It gets every matching event after this one. */
export interface CreateWebhookCommand {
  type: 'CreateWebhook';
  webhookId: string;
  name: string;
  /** Absent: it is. */
  enabled?: boolean;
}

/** Changes an endpoint. Of what is not in the log, only the names of the fields are told. */
export interface UpdateWebhookCommand {
  type: 'UpdateWebhook';
  webhookId: string;
  name?: string;
  /** Fields that change, as the API calls them. */
  changed: readonly string[];
  /** Enables or disables it. */
  enabled?: boolean;
  /** The version that is to be changed; absent: whichever there is. */
  expected?: number;
}

/** Ends deliveries because they fail. Changes nothing when they have ended. */
export interface DisableWebhookCommand {
  type: 'DisableWebhook';
  webhookId: string;
  /** For people: what was wrong. */
  reason: string;
  /** The version that failed; absent: whichever there is. */
  expected?: number;
}

export interface DeleteWebhookCommand {
  type: 'DeleteWebhook';
  webhookId: string;
}

/** Facts about endpoints. */
export type WebhookEvent =
  /** `enabled`: only when it is not. */
  | { type: 'CreateWebhook'; webhookId: WebhookId; name: string; enabled?: false }
  /** `changed`: sorted, each once. */
  | { type: 'UpdateWebhook'; webhookId: WebhookId; name?: string; changed: readonly string[] }
  | { type: 'WebhookEnabled'; webhookId: WebhookId }
  | { type: 'WebhookDisabled'; webhookId: WebhookId; by: Disabler; reason?: string }
  | { type: 'DeleteWebhook'; webhookId: WebhookId };
