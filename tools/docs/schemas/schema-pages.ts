import type { CommandType, EventType } from '../../../libs/domain/src/index.js';
import { schemaName, versionOf } from '../../../libs/events/src/event-version.js';
import type { Page } from '../page.js';
import { breaches } from './breaches.js';
import { commandSchemas, eventSchemas, modern, standAlone } from './event-schemas.js';
import { type Schema, schemaText } from './json-schema.js';
import { schemaOfType } from './type-schema.driver.js';

export const SCHEMA_DIR = 'docs/schemas';
/** The version of the envelope. It never changes but by attributes that may be missing. */
const ENVELOPE_VERSION = 1;
const ENVELOPE = 'EventEnvelope';

/** The schemas of everything that is recorded, as the types are now. */
export interface Schemas {
  readonly events: ReadonlyMap<EventType, Schema>;
  readonly envelope: Schema;
  readonly commands: ReadonlyMap<CommandType, Schema>;
}

export function currentSchemas(): Schemas {
  const { definitions = {}, ...envelope } = schemaOfType('libs/events/src/event-envelope.ts', ENVELOPE);
  const id = schemaName(ENVELOPE, ENVELOPE_VERSION);
  const parts = modern({ ...definitions, [ENVELOPE]: envelope });
  return {
    events: eventSchemas(schemaOfType('libs/domain/src/events.ts', 'DomainEvent')),
    commands: commandSchemas(schemaOfType('libs/domain/src/commands.ts', 'Command')),
    envelope: standAlone(id, 'Event', parts[ENVELOPE] ?? {}, parts),
  };
}

export const schemaPath = (type: string, version: number): string => `${SCHEMA_DIR}/${type}.v${version}.json`;

/**
 * A page for the current version of every schema. Throws when one of them differs from the one that is stored by more than a version
 * may: then the version in the catalogue must be raised, and an upcaster added.
 */
export function schemaPages(
  { events, envelope }: Omit<Schemas, 'commands'>,
  stored: (path: string) => string | undefined,
): readonly Page[] {
  const pages = [
    { path: schemaPath(ENVELOPE, ENVELOPE_VERSION), schema: envelope },
    ...[...events].map(([type, schema]) => ({ path: schemaPath(type, versionOf(type)), schema })),
  ];
  const wrong = pages.flatMap(({ path, schema }) => {
    const before = stored(path);
    if (before === undefined) return [];
    return breaches(JSON.parse(before) as Schema, schema).map((breach) => `${path}: ${breach}`);
  });
  if (wrong.length > 0)
    throw new Error(`These events are no longer of their version; raise it in the catalogue:\n${wrong.join('\n')}`);
  return pages.map(({ path, schema }) => ({ path, text: schemaText(schema) }));
}
