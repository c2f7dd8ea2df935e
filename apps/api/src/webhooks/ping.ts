import type { Endpoint } from './endpoint.js';
import type { Message } from './delivery/sender.js';

/** A type that no event of the log has. */
export const PING_TYPE = 'muster.webhook.ping';
const SOURCE = '/muster/webhooks';

/** An event in the format of the endpoint that is about the endpoint itself, and only shows that events arrive. */
export function pingEvent({ id, name, format }: Endpoint, eventId: string, now: number): Message {
  if (format === 'anka') {
    const record = {
      event_id: eventId,
      name: 'Ping',
      time: Math.floor(now / 1000),
      type: 'systemAction',
      webhook_id: id,
    };
    return { id: eventId, contentType: 'application/json', body: JSON.stringify(record) };
  }
  const event = {
    specversion: '1.0',
    id: eventId,
    source: SOURCE,
    type: PING_TYPE,
    subject: id,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    data: { webhookId: id, name },
  };
  return { id: eventId, contentType: 'application/cloudevents+json', body: JSON.stringify(event) };
}
