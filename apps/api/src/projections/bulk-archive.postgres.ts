import type pg from 'pg';
import { copyIn } from './copy-in.postgres.js';
import { storableJson, storableText } from './database.postgres.js';
import type { ArchivedEvent } from './step.js';

const COLUMNS = 'sequence, id, type, noun, subject_id, time, command_sequence, correlation_id, actor, body';
const ADD_UNIQUE = (schema: string): string => `ALTER TABLE ${schema}.event ADD CONSTRAINT event_id UNIQUE (id)`;
const UNIQUE_VIOLATION = '23505';

/** Fills an archive that nobody reads yet: by COPY, and without the index on ids, which is made in the end. */
export async function beginBulkArchive(client: pg.ClientBase, schema: string): Promise<void> {
  await client.query(`ALTER TABLE ${schema}.event DROP CONSTRAINT event_id`);
}

export async function copyEvents(
  client: pg.ClientBase,
  schema: string,
  events: readonly ArchivedEvent[],
): Promise<void> {
  await copyIn(client, `COPY ${schema}.event (${COLUMNS}) FROM STDIN`, (rows) => {
    for (const event of events) {
      rows.column(event.sequence);
      rows.column(storableText(event.id));
      rows.column(storableText(event.type));
      rows.column(event.noun);
      rows.column(storableText(event.subjectId));
      rows.column(new Date(event.time).toISOString());
      rows.column(event.commandSequence);
      rows.column(storableText(event.correlationId));
      rows.column(storableText(event.actor));
      rows.column(storableJson(event.body));
      rows.endRow();
    }
  });
}

/** Makes the index, and keeps of events with the same id the first, as the live projector does. */
export async function endBulkArchive(client: pg.ClientBase, schema: string): Promise<void> {
  try {
    await client.query(ADD_UNIQUE(schema));
  } catch (cause) {
    if ((cause as { code?: string }).code !== UNIQUE_VIOLATION) throw cause;
    await client.query(
      `DELETE FROM ${schema}.event later USING ${schema}.event first
       WHERE later.id = first.id AND later.sequence > first.sequence`,
    );
    await client.query(ADD_UNIQUE(schema));
  }
  await client.query(`ANALYZE ${schema}.event, ${schema}.vm`);
}
