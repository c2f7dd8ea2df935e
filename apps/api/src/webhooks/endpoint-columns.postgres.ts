import type { Disabler } from '#domain';
import type { Endpoint, EndpointSecret, Format } from './endpoint.js';

/** A row of `webhook.endpoint`. Times in ms. */
export interface EndpointColumns {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly format: Format;
  readonly types: string[];
  readonly subjects: string[];
  readonly headers: Record<string, string>;
  readonly secrets: EndpointSecret[];
  readonly ordered: boolean;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly ratePerS: number | null;
  readonly state: Endpoint['state'];
  readonly disabledBy: Disabler | null;
  readonly disabledReason: string | null;
  readonly disabledAt: number | null;
  readonly version: number;
  readonly createdSequence: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly missedFrom: number | null;
  readonly failingSince: number | null;
  readonly lastSuccessAt: number | null;
}

export const ms = (column: string): string => `floor(extract(epoch FROM ${column}) * 1000)::float8`;

export const ENDPOINT_COLUMNS = `id, name, url, format, types, subjects, headers, secrets, ordered, batch_size AS "batchSize",
  concurrency, rate_per_s::float8 AS "ratePerS", state, disabled_by AS "disabledBy", disabled_reason AS "disabledReason",
  ${ms('disabled_at')} AS "disabledAt", version::float8, created_sequence::float8 AS "createdSequence",
  ${ms('created_at')} AS "createdAt", ${ms('updated_at')} AS "updatedAt", missed_from::float8 AS "missedFrom",
  ${ms('failing_since')} AS "failingSince", ${ms('last_success_at')} AS "lastSuccessAt"`;

/** The endpoint without what it does not have. */
export function endpointOf({
  disabledBy,
  disabledReason,
  disabledAt,
  createdSequence,
  missedFrom,
  failingSince,
  lastSuccessAt,
  ...rest
}: EndpointColumns): Endpoint {
  return {
    ...rest,
    ...(disabledBy !== null && { disabledBy }),
    ...(disabledReason !== null && { disabledReason }),
    ...(disabledAt !== null && { disabledAt }),
    ...(createdSequence !== null && { createdSequence }),
    ...(missedFrom !== null && { missedFrom }),
    ...(failingSince !== null && { failingSince }),
    ...(lastSuccessAt !== null && { lastSuccessAt }),
  };
}
