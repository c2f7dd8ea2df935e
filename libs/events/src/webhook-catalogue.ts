/** The part of the catalogue that is about endpoints that events are sent to. */
export const WEBHOOK_COMMANDS = {
  CreateWebhook: { noun: 'webhook', origin: 'api', meaning: 'Make an endpoint; it gets the events after this.' },
  UpdateWebhook: { noun: 'webhook', origin: 'api', meaning: 'Change, enable or disable an endpoint.' },
  DisableWebhook: { noun: 'webhook', origin: 'api', meaning: 'End deliveries to an endpoint, because they fail.' },
  DeleteWebhook: { noun: 'webhook', origin: 'api', meaning: 'Take an endpoint away.' },
} as const;

export const WEBHOOK_EVENTS = {
  CreateWebhook: { noun: 'webhook', kind: 'apiAction', meaning: 'There is a new endpoint for events.' },
  UpdateWebhook: {
    noun: 'webhook',
    kind: 'apiAction',
    meaning: 'These fields of an endpoint changed; what they are is not in the log.',
  },
  WebhookEnabled: { noun: 'webhook', kind: 'systemAction', meaning: 'An endpoint gets events again.' },
  WebhookDisabled: {
    noun: 'webhook',
    kind: 'systemAction',
    meaning: 'An endpoint gets no events any more: an operator said so, or deliveries failed for too long.',
  },
  DeleteWebhook: { noun: 'webhook', kind: 'apiAction', meaning: 'An endpoint is gone.' },
} as const;
