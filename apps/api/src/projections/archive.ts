import { type LoggedEvent, nounOfEvent } from '#events';
import type { ArchivedEvent } from './step.js';

/** Ids of events that have none must still be unique. */
const unnamed = (sequence: number): string => `unnamed:${sequence}`;

/** The event as the archive keeps it. Total: of an event that this build does not know, whatever can be read is kept. */
export function archived(logged: LoggedEvent): ArchivedEvent {
  const { sequence, recorded, raw } = logged;
  if (recorded === undefined) return unknownEvent(sequence, raw);
  const { noun, id } = nounOfEvent(recorded.event);
  return {
    sequence,
    id: recorded.id,
    type: recorded.event.type,
    noun,
    subjectId: id,
    time: recorded.time,
    commandSequence: recorded.cause.sequence,
    correlationId: recorded.cause.correlationId,
    actor: recorded.cause.actor,
    body: raw,
  };
}

function unknownEvent(sequence: number, raw: string): ArchivedEvent {
  const { fields, body } = readLoosely(raw);
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const time = Date.parse(text('time'));
  return {
    sequence,
    id: text('id') || unnamed(sequence),
    type: text('type').slice(text('type').lastIndexOf('.') + 1) || 'unknown',
    noun: 'unknown',
    subjectId: text('subject'),
    time: Number.isNaN(time) ? 0 : time,
    commandSequence: Number.isSafeInteger(fields['commandsequence']) ? (fields['commandsequence'] as number) : 0,
    correlationId: text('correlationid'),
    actor: text('actor'),
    body,
  };
}

function readLoosely(raw: string): { fields: Record<string, unknown>; body: string } {
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value === 'object' && value !== null) return { fields: value as Record<string, unknown>, body: raw };
    return { fields: {}, body: raw };
  } catch {
    return { fields: {}, body: JSON.stringify({ unreadable: raw }) };
  }
}
