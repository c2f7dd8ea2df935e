import type { Disabler } from '#domain';
import type { ArchivedEvent } from '../archive/archived-event.js';
import type { Endpoint, EndpointChange } from './endpoint.js';

/** What is said of an endpoint in the log. */
interface Told {
  readonly enabled?: boolean;
  readonly by?: Disabler;
  readonly reason?: string;
}

/** The command behind an event; the id of an event is the command's, a colon and a number. */
export const commandIdOf = ({ id }: ArchivedEvent): string => id.slice(0, id.lastIndexOf(':'));

/**
 * The endpoint after an event about it, undefined: there is none any more. `change` is what the command of the event was to change. Total:
 * whatever the event says, some endpoint comes out.
 */
export function evolveEndpoint(
  before: Endpoint,
  event: ArchivedEvent,
  change: EndpointChange = {},
): Endpoint | undefined {
  const { sequence, time } = event;
  const endpoint = { ...before, version: sequence, updatedAt: time };
  const { enabled, by = 'delivery', reason } = toldBy(event);
  switch (event.type) {
    case 'CreateWebhook':
      return {
        ...endpoint,
        createdSequence: before.createdSequence ?? sequence,
        createdAt: time,
        ...(enabled === false ? off(endpoint, 'operator', time) : ON),
      };
    case 'UpdateWebhook':
      return { ...endpoint, ...change };
    case 'WebhookEnabled':
      return { ...withoutEnd(endpoint), ...ON };
    case 'WebhookDisabled':
      return {
        ...endpoint,
        ...off(endpoint, by, time),
        ...(reason !== undefined && { disabledReason: reason }),
        // What would have been queued is taken from the archive, if ever it is wanted again.
        ...(by === 'delivery' && { missedFrom: before.missedFrom ?? sequence }),
      };
    case 'DeleteWebhook':
      return undefined;
    default:
      return endpoint;
  }
}

const ON = { state: 'enabled' } as const;

const off = (endpoint: Endpoint, by: Disabler, time: number) =>
  ({ ...withoutEnd(endpoint), state: 'disabled', disabledBy: by, disabledAt: time }) as const;

function withoutEnd({ disabledBy: _by, disabledAt: _at, disabledReason: _why, ...endpoint }: Endpoint): Endpoint {
  return endpoint;
}

function toldBy({ body }: ArchivedEvent): Told {
  const { data } = JSON.parse(body) as { data?: Told };
  return data ?? {};
}
