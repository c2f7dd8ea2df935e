import { messageOf } from './delivery/compose.js';
import type { Message } from './delivery/sender.js';
import type { Endpoint } from './endpoint.js';

/** A type that no event of the log has. */
export const PING_TYPE = 'muster.webhook.ping';
const SOURCE = '/muster/webhooks';

export type PingedEndpoint = Pick<Endpoint, 'id' | 'name' | 'format' | 'batchSize'>;

/**
 * An event that is about the endpoint itself, and only shows that events arrive; in the same form as those that will come: a list where
 * the endpoint takes lists. `anka`: a record like the vendor's, with what all of those have, under a name that none of them has.
 */
export function pingMessage(endpoint: PingedEndpoint, eventId: string, now: number, machineName: string): Message {
  const event =
    endpoint.format === 'anka' ? recordOf(endpoint, eventId, now, machineName) : eventOf(endpoint, eventId, now);
  const message = messageOf(endpoint, [{ eventId, text: JSON.stringify(event) }]);
  if (message === undefined) throw new Error('a ping has its event');
  return message;
}

/** Keys in order, as in the vendor's records. */
const recordOf = ({ id }: PingedEndpoint, eventId: string, now: number, machineName: string): object => ({
  event_id: eventId,
  machineName,
  name: 'Ping',
  sub_type: 'webhookAction',
  time: Math.floor(now / 1000),
  type: 'systemAction',
  webhook_id: id,
});

const eventOf = ({ id, name }: PingedEndpoint, eventId: string, now: number): object => ({
  specversion: '1.0',
  id: eventId,
  source: SOURCE,
  type: PING_TYPE,
  subject: id,
  time: new Date(now).toISOString(),
  datacontenttype: 'application/json',
  data: { webhookId: id, name },
});
