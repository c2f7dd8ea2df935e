import type { Disabler } from '#domain';

/** How a delivery looks: the CloudEvent itself, or the flat record of the vendor's event log. */
export const FORMATS = ['standard-webhooks', 'anka'] as const;
export type Format = (typeof FORMATS)[number];

/** A secret with which requests are signed. */
export interface EndpointSecret {
  /** `whsec_` and the key in Base64. */
  readonly secret: string;
  /** Unix ms; from then on it signs no more. Absent: it has no end. */
  readonly expiresAt?: number;
}

/** What people say of an endpoint. */
export interface EndpointSettings {
  readonly name: string;
  readonly url: string;
  readonly format: Format;
  /** Names of types, `VMStarted`, or all of a noun, `vm.*`. None: all. */
  readonly types: readonly string[];
  /** `vm/<id>`, or all of a noun, `vm/*`. None: all. */
  readonly subjects: readonly string[];
  /** Sent with every request. Their values may be secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Newest first. Never empty. */
  readonly secrets: readonly EndpointSecret[];
  /** One after the other, none skipped. */
  readonly ordered: boolean;
  /** Events in one request at most. */
  readonly batchSize: number;
  /** Requests at a time. */
  readonly concurrency: number;
  /** Requests per second at most; null: as many as it takes. */
  readonly ratePerS: number | null;
}

/** What a change says; the rest stays. */
export type EndpointChange = Partial<EndpointSettings>;

export interface Endpoint extends EndpointSettings {
  readonly id: string;
  /** `creating`: its event is not in the log yet. */
  readonly state: 'creating' | 'enabled' | 'disabled';
  readonly disabledBy?: Disabler;
  readonly disabledReason?: string;
  /** Unix ms, as all times here. */
  readonly disabledAt?: number;
  /** Sequence of the last event about it. */
  readonly version: number;
  /** Sequence of the event that made it. */
  readonly createdSequence?: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** From this sequence on nothing is queued: what matches is to be taken from the archive. */
  readonly missedFrom?: number;
  /** Since when every attempt has failed; kept by whoever delivers, as is the next. */
  readonly failingSince?: number;
  readonly lastSuccessAt?: number;
}
