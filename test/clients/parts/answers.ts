import type { RawAnswer } from './wire.js';

/** The answers that clients read, by what they are about. */
export type AnswerName =
  | 'status'
  | 'nodes'
  | 'template names'
  | 'templates'
  | 'template'
  | 'no instances'
  | 'started ids'
  | 'instance scheduling'
  | 'instance pulling'
  | 'instance started'
  | 'instance failed'
  | 'instances'
  | 'unknown instance'
  | 'unknown template'
  | 'unknown tag'
  | 'mutation'
  | 'groups'
  | 'nodes in groups'
  | 'distribution begun'
  | 'distribution'
  | 'image request'
  | 'image requests'
  | 'disk'
  | 'reverted'
  | 'needs credentials';

/** How a client reads answers, and goes on with them. Each throws where the client would come to grief. */
export type Reads = Readonly<Partial<Record<AnswerName, (answer: RawAnswer) => unknown>>>;

/** What the clients look for in the recorded list of instances. */
export const IN_THE_LIST = { externalId: '3f0c6f0e-6b3e-4f8a-9f7b-1c0d2e3f4a5b', name: 'drone-1' };
/** The tag that the recorded start asked for in vain. */
export const UNKNOWN_TAG = 'v9';
