import type { ArchivedEvent } from '../archive/archived-event.js';
import type { EndpointSettings } from './endpoint.js';

export type Wishes = Pick<EndpointSettings, 'types' | 'subjects'>;
export type Matched = Pick<ArchivedEvent, 'type' | 'noun' | 'subjectId'>;

/** Whether an endpoint wants events of a type at all. */
export function wantsType({ types }: Wishes, { type, noun }: Pick<Matched, 'type' | 'noun'>): boolean {
  return types.length === 0 || types.includes(type) || types.includes(`${noun}.*`);
}

/** Whether an endpoint wants events about this. */
export function wantsSubject({ subjects }: Wishes, { noun, subjectId }: Matched): boolean {
  return subjects.length === 0 || subjects.includes(`${noun}/${subjectId}`) || subjects.includes(`${noun}/*`);
}

export const wants = (wishes: Wishes, event: Matched): boolean =>
  wantsType(wishes, event) && wantsSubject(wishes, event);
