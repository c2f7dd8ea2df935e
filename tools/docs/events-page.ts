import { EXPLAIN_SUBJECT } from '../../libs/events/src/subjects.js';
import { CHANNELS } from './events/channels.js';
import { commandTypes } from './events/command-types.js';
import { type Examples, eventTypes } from './events/event-types.js';
import { fieldTable } from './events/field-table.js';
import { NATIVE, QUESTIONS } from './events/native.js';
import { partsSection } from './events/parts.js';
import { PROMISES } from './events/promises.js';
import type { Schemas } from './schemas/schema-pages.js';

/** docs/events.md: all that somebody needs to follow events or to give commands. */
export function eventsPage({ events, envelope, commands }: Schemas, examples: Examples): string {
  const envelopeSection = [
    '## The envelope',
    '',
    `${envelope.description} Its schema: [EventEnvelope.v1.json](schemas/EventEnvelope.v1.json).`,
    '',
    fieldTable(envelope),
  ];
  return [
    PROMISES,
    envelopeSection.join('\n'),
    CHANNELS,
    NATIVE,
    eventTypes(events, examples),
    commandTypes(commands),
    QUESTIONS(EXPLAIN_SUBJECT),
    `${partsSection([...events.values(), ...commands.values()]).trimEnd()}\n`,
  ].join('\n');
}
