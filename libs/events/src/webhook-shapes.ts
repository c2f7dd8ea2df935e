import type { Command } from '#domain';
import { type Fields, listOf, number, optional, text, truth } from './shape.js';

type Shape<Type extends Command['type']> = Fields<Omit<Extract<Command, { type: Type }>, 'type'>>;

/** What the fields of the commands about webhooks must be. */
export const WEBHOOK_SHAPES = {
  CreateWebhook: { webhookId: text, name: text, enabled: optional(truth) } satisfies Shape<'CreateWebhook'>,
  UpdateWebhook: {
    webhookId: text,
    name: optional(text),
    changed: listOf(text),
    enabled: optional(truth),
    expected: optional(number),
  } satisfies Shape<'UpdateWebhook'>,
  DisableWebhook: { webhookId: text, reason: text, expected: optional(number) } satisfies Shape<'DisableWebhook'>,
  DeleteWebhook: { webhookId: text } satisfies Shape<'DeleteWebhook'>,
};
