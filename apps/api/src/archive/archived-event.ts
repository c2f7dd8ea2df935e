import type { LoggedEvent } from '#events';

/** An event as the archive keeps it, of whatever type. Columns are for finding it, and all of them are read from `body`. */
export interface ArchivedEvent {
  readonly sequence: number;
  /** Unique but for repetitions of a command beyond the memory of the control plane: then a later event has the id of an earlier one. */
  readonly id: string;
  /** Without `muster.<noun>.` before it. */
  readonly type: string;
  /** What the type says; `unknown` when it names none. */
  readonly noun: string;
  readonly subjectId: string;
  /** Unix ms. */
  readonly time: number;
  readonly commandSequence: number;
  readonly correlationId: string;
  readonly actor: string;
  /** The CloudEvent as JSON text, exactly as it is in the log. */
  readonly body: string;
}

const UNKNOWN = 'unknown';
/** `muster.<noun>.<Name>`. */
const TYPE = /^muster\.([^.]+)\.([^.]+)$/;

/** The event as the archive keeps it. Total: of an event that this build does not know, or cannot read, whatever can be read is kept. */
export function archived({ sequence, raw }: Pick<LoggedEvent, 'sequence' | 'raw'>): ArchivedEvent {
  const { fields, body } = readLoosely(raw);
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const time = Date.parse(text('time'));
  const type = text('type');
  const [, noun = UNKNOWN, name = type.slice(type.lastIndexOf('.') + 1) || UNKNOWN] = TYPE.exec(type) ?? [];
  return {
    sequence,
    id: text('id') || `unnamed:${sequence}`,
    type: name,
    noun,
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
