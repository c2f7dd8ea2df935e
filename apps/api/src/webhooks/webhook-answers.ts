import type { Endpoint } from './endpoint.js';
import { MASK } from './field-rules.js';
import type { WebhookDto, WebhookWithHealthDto, WebhookWithSecretDto } from './webhook.dto.js';
import type { Waiting } from './webhook-store.js';

export const moment = (time: number): string => new Date(time).toISOString();
const maybe = <K extends string>(name: K, time: number | undefined) =>
  (time === undefined ? {} : { [name]: moment(time) }) as Partial<Record<K, string>>;

/** A webhook for people: nothing that is secret. `now`: unix ms. */
export function shown(endpoint: Endpoint, now: number): WebhookDto {
  const { id, name, url, format, ordered, batchSize, concurrency, state, disabledBy, disabledReason } = endpoint;
  const { version, missedFrom } = endpoint;
  return {
    ...{ id, name, url, format, types: [...endpoint.types], subjects: [...endpoint.subjects] },
    headers: Object.fromEntries(Object.keys(endpoint.headers).map((header) => [header, MASK])),
    ...{ ordered, batchSize, concurrency, ratePerSecond: endpoint.ratePerS, enabled: state === 'enabled' },
    ...(disabledBy !== undefined && { disabledBy }),
    ...(disabledReason !== undefined && { disabledReason }),
    ...maybe('disabledAt', endpoint.disabledAt),
    ...{ version, createdAt: moment(endpoint.createdAt), updatedAt: moment(endpoint.updatedAt) },
    secrets: endpoint.secrets.filter(({ expiresAt = Infinity }) => expiresAt > now).length,
    ...maybe('failingSince', endpoint.failingSince),
    ...maybe('lastSuccessAt', endpoint.lastSuccessAt),
    ...(missedFrom !== undefined && { missedFrom }),
  };
}

export const withHealth = (
  endpoint: Endpoint,
  { due, dead, oldestAt }: Waiting,
  now: number,
): WebhookWithHealthDto => ({
  ...shown(endpoint, now),
  ...{ outstanding: due, dead },
  ...maybe('oldestAt', oldestAt),
});

export const withSecret = (endpoint: Endpoint, now: number): WebhookWithSecretDto => ({
  ...shown(endpoint, now),
  secret: endpoint.secrets[0]?.secret ?? '',
});
