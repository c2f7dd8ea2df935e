import type { EventType } from '../../../libs/domain/src/index.js';
import { EVENTS } from '../../../libs/events/src/catalogue.js';
import type { CloudEvent } from '../../../libs/events/src/cloud-event.js';
import { versionOf } from '../../../libs/events/src/event-version.js';
import type { Schema } from '../schemas/json-schema.js';
import { fieldTable } from './field-table.js';

/** An example of each type. */
export type Examples = ReadonlyMap<string, CloudEvent>;

/** One table of all events, then a chapter for each with its data and an example. */
export function eventTypes(schemas: ReadonlyMap<EventType, Schema>, examples: Examples): string {
  const rows = Object.entries(EVENTS).map(([type, { noun, kind, meaning }]) => {
    return `| [\`${type}\`](#event-${type.toLowerCase()}) | \`muster.${noun}.${type}\` | \`${subjectOf(type as EventType)}\` | ${kind} | ${meaning} |`;
  });
  const chapters = [...schemas].map(([type, schema]) => chapterOf(type, schema, examples.get(type)));
  return [
    '## Events',
    'An `apiAction` is an accepted request of somebody, a `systemAction` what the system did or saw. The schemas are in',
    '[docs/schemas](schemas) and at `GET /api/v2/schemas/{type}/{version}`; the examples are from a made-up cluster.',
    '',
    `| Event | \`type\` | NATS subject | Kind | Meaning |\n|---|---|---|---|---|\n${rows.join('\n')}`,
    '',
    ...chapters,
  ].join('\n');
}

const subjectOf = (type: EventType): string => {
  const { noun } = EVENTS[type];
  return `muster.evt.${noun}.${noun === 'cluster' ? 'cluster' : `<${noun} id>`}.${type}`;
};

function chapterOf(type: EventType, schema: Schema, example: CloudEvent | undefined): string {
  const version = versionOf(type);
  const shown = example === undefined ? [] : ['```json', JSON.stringify(example, null, 2), '```', ''];
  return [
    `### Event ${type}`,
    '',
    `${EVENTS[type].meaning} Version ${version}: [schema](schemas/${type}.v${version}.json).`,
    '',
    fieldTable(schema) || 'It has no data.\n',
    ...shown,
  ].join('\n');
}
