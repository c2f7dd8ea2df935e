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
  | 'distribution'
  | 'image request'
  | 'image requests'
  | 'disk'
  | 'needs credentials';

/** How a client reads answers, and goes on with them. Each throws where the client would come to grief. */
export type Reads = Readonly<Partial<Record<AnswerName, (answer: RawAnswer) => unknown>>>;
