import type { WebhookId } from '../ids.js';

/**
 * An endpoint that events are sent to, as decisions need it. Where it is and how it is signed for is not in the log: anybody who reads
 * events would read secrets.
 */
export interface Webhook {
  readonly id: WebhookId;
  name: string;
  enabled: boolean;
  /** Sequence of the last event about it: who changes it may say which state was meant. */
  version: number;
}

/** Who ended deliveries: an operator, or the deliveries themselves, which failed for too long. */
export const DISABLERS = ['operator', 'delivery'] as const;
export type Disabler = (typeof DISABLERS)[number];
