import type { UrlPolicy } from './delivery/guard/url-policy.js';
import { EndpointFault } from './endpoint-fault.js';
import type { Endpoint, EndpointChange, EndpointSettings } from './endpoint.js';
import { CONCURRENCY, headersOf, secretOf, subjectFilter, typeFilter } from './field-rules.js';
import type { ChangeWebhookDto, CreateWebhookDto } from './webhook-fields.dto.js';

/** What a request says of a new webhook. Throws a 400 that names what is wrong. */
export function settingsOf(dto: CreateWebhookDto, policy: UrlPolicy, newSecret: () => string): EndpointSettings {
  const { name, url } = dto;
  return {
    ...{ format: 'standard-webhooks', types: [], subjects: [], headers: {}, ordered: false },
    ...{ batchSize: 1, concurrency: CONCURRENCY, ratePerS: null },
    ...changeOf(dto, policy),
    ...{ name, url },
    secrets: [{ secret: dto.secret === undefined ? newSecret() : secretOf(dto.secret) }],
  };
}

/** What a request changes of a webhook. `before`: as it is now. */
export function changeOf(dto: ChangeWebhookDto, policy: UrlPolicy, before?: Endpoint): EndpointChange {
  noNulls(dto);
  const { name, url, format, types, subjects, headers, ordered, batchSize, concurrency, ratePerSecond } = dto;
  if (url !== undefined) checkUrl(url, policy);
  return {
    ...(name !== undefined && { name }),
    ...(url !== undefined && { url }),
    ...(format !== undefined && { format }),
    ...(types !== undefined && { types: unique(types.map(typeFilter)) }),
    ...(subjects !== undefined && { subjects: unique(subjects.map(subjectFilter)) }),
    ...(headers !== undefined && { headers: headersOf(headers, before?.headers) }),
    ...(ordered !== undefined && { ordered }),
    ...(batchSize !== undefined && { batchSize }),
    ...(concurrency !== undefined && { concurrency }),
    ...(ratePerSecond !== undefined && { ratePerS: ratePerSecond }),
  };
}

/** A field that is null is not absent: it would be passed over without a word. */
function noNulls(dto: object): void {
  for (const [field, value] of Object.entries(dto))
    if (value === null && field !== 'ratePerSecond') throw new EndpointFault(field, 'must not be null');
}

/** The URL itself is not told again: it may hold a secret. */
function checkUrl(url: string, policy: UrlPolicy): void {
  const why = policy.refusal(url);
  if (why !== undefined) throw new EndpointFault('url', `cannot be used: ${why}`);
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
