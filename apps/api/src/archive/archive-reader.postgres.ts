import type pg from 'pg';
import type { Noun } from '#events';
import { Rows } from '../projections/rows.postgres.js';
import { orUnavailable, storableText } from '../projections/database.postgres.js';
import type { ArchivedEvent } from './archived-event.js';
import { dayOf } from './chain.js';
import { EVENT_TABLE, HEAD_TABLE } from './archive-tables.postgres.js';
import {
  type ArchiveReader,
  type EventQuery,
  type HistoryEnd,
  MAX_FOUND,
  MAX_HISTORY,
  tooLong,
  typesOf,
} from './archive-reader.js';

/** The columns of an archived event, under the names of its fields. */
export const ARCHIVED = `sequence::float8, id, type, noun, subject_id AS "subjectId", extract(epoch FROM time)::float8 * 1000 AS time,
  command_sequence::float8 AS "commandSequence", correlation_id AS "correlationId", actor, body::text`;

interface Extent {
  readonly first: number | null;
  readonly last: number;
}

export class PostgresArchiveReader implements ArchiveReader {
  private readonly events: Rows<ArchivedEvent>;
  private readonly extents: Rows<Extent>;

  constructor(private readonly pool: pg.Pool) {
    this.events = new Rows(pool, 'archived events');
    this.extents = new Rows(pool, 'the extent of the archive');
  }

  async find(query: EventQuery): Promise<readonly ArchivedEvent[]> {
    const conditions = conditionsOf(query);
    const where = conditions.map(([condition], place) => condition.replace('?', `$${place + 1}`)).join(' AND ');
    const direction = query.order === 'newest' ? 'DESC' : 'ASC';
    const text = `SELECT ${ARCHIVED} FROM ${EVENT_TABLE} ${where && `WHERE ${where}`}
      ORDER BY sequence ${direction} LIMIT $${conditions.length + 1}`;
    const values = [...conditions.map(([, value]) => value), Math.max(0, Math.min(query.limit, MAX_FOUND))];
    // Planned anew each time: by its values the server knows which days and which index to read.
    const { rows } = await orUnavailable('read archived events', () => this.pool.query<ArchivedEvent>(text, values));
    return rows;
  }

  async byId(id: string): Promise<ArchivedEvent | undefined> {
    const text = `SELECT ${ARCHIVED} FROM ${EVENT_TABLE} WHERE id = $1 ORDER BY sequence LIMIT 1`;
    return (await this.events.read('by id', text, [storableText(id)]))[0];
  }

  async history(noun: Noun, subjectId: string, until: HistoryEnd = {}): Promise<readonly ArchivedEvent[]> {
    const { sequence, time } = until;
    const text = `SELECT ${ARCHIVED} FROM ${EVENT_TABLE} WHERE subject_id = $1 AND noun = $2
      AND sequence <= coalesce($3, sequence) AND time <= coalesce($4, time) ORDER BY sequence LIMIT ${MAX_HISTORY + 1}`;
    const last = [sequence ?? null, time === undefined ? null : moment(time)];
    const told = await this.events.read('history', text, [storableText(subjectId), noun, ...last]);
    if (told.length > MAX_HISTORY) throw tooLong(noun, subjectId);
    return told;
  }

  async extent(): Promise<{ first: number; last: number }> {
    const text = `SELECT first_sequence::float8 AS first, sequence::float8 AS last FROM ${HEAD_TABLE}`;
    const [row] = await this.extents.read('all', text);
    return { first: row?.first ?? 1, last: row?.last ?? 0 };
  }
}

const moment = (time: number): string => new Date(time).toISOString();

/** Each condition with a question mark where its value stands. */
function conditionsOf(query: EventQuery): [condition: string, value: unknown][] {
  const all: [condition: string, value: unknown][] = [
    ['type = ANY(?::text[])', typesOf(query)?.map(storableText)],
    ['noun = ?', query.noun],
    ['subject_id = ?', text(query.subjectId)],
    ['actor = ?', text(query.actor)],
    ['correlation_id = ?', text(query.correlationId)],
    ['command_sequence = ?', query.commandSequence],
    // An event is never of a day before its time's.
    ['day >= ?', query.since === undefined ? undefined : dayOf(query.since)],
    ['time >= ?', query.since === undefined ? undefined : moment(query.since)],
    ['time < ?', query.until === undefined ? undefined : moment(query.until)],
    ['sequence > ?', query.after],
    ['sequence < ?', query.before],
  ];
  return all.filter(([, value]) => value !== undefined);
}

const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : storableText(value));
