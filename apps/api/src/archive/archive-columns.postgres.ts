import { storableText } from '../projections/database.postgres.js';
import type { Column } from '../projections/unnest.postgres.js';
import type { ArchivedEvent } from './archived-event.js';
import type { ArchiveLink } from './chain.js';

/** What events are found by, as a database can keep it. */
export const FOUND_BY: readonly Column<ArchivedEvent>[] = [
  ['id', 'text', (event) => storableText(event.id)],
  ['type', 'text', (event) => storableText(event.type)],
  ['noun', 'text', (event) => storableText(event.noun)],
  ['subject_id', 'text', (event) => storableText(event.subjectId)],
  ['time', 'timestamptz', (event) => new Date(event.time).toISOString()],
  ['command_sequence', 'bigint', (event) => event.commandSequence],
  ['correlation_id', 'text', (event) => storableText(event.correlationId)],
  ['actor', 'text', (event) => storableText(event.actor)],
];

export const LINK_COLUMNS: readonly Column<ArchiveLink>[] = [
  ['sequence', 'bigint', ({ event }) => event.sequence],
  ['day', 'date', ({ day }) => day],
  ...FOUND_BY.map(([name, type, value]): Column<ArchiveLink> => [name, type, ({ event }) => value(event)]),
  // As it is: the type `json`, unlike `jsonb`, keeps the text, and takes every escape.
  ['body', 'json', ({ event }) => event.body],
  ['hash', 'bytea', ({ hash }) => hash],
];
