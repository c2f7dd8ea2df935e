import type pg from 'pg';
import { Unavailable } from '#events';
import type { VmRow } from '../views/index.js';
import { orUnavailable, storableText } from './database.postgres.js';
import type { Standpoint, VmLookup, VmNews, VmTable } from './known-vms.js';
import { CHECKPOINT, LIVE_SCHEMA } from './tables.postgres.js';

interface NewsColumns {
  readonly generation: string | null;
  readonly sequence: string | null;
  readonly ids: readonly string[] | null;
  readonly id: string | null;
  readonly doc: VmRow | null;
}

/**
 * One statement, so one moment: the first row says where the projection stands and which VMs there are, the others hold what changed.
 * Rows and checkpoint are written together, so a row changed after a sequence exactly when its own is higher.
 */
const SINCE = `
  WITH stand AS (
    SELECT generation, sequence, CASE WHEN generation = $2 THEN $3::bigint ELSE -1 END AS since
    FROM ${LIVE_SCHEMA}.checkpoint WHERE name = $1
  )
  SELECT generation, sequence, (SELECT json_agg(id ORDER BY accepted_sequence) FROM ${LIVE_SCHEMA}.vm) AS ids,
    NULL AS id, NULL::json AS doc FROM stand
  UNION ALL
  SELECT NULL, NULL, NULL, vm.id, vm.doc FROM ${LIVE_SCHEMA}.vm, stand WHERE vm.sequence > stand.since`;

interface LookupColumns {
  readonly generation: string;
  readonly id: string | null;
  readonly doc: VmRow | null;
}

/** The documents of those alone that are not as the asker knows them. There is a row even when none of them is there. */
const LOOK_UP = `
  SELECT stand.generation, found.id,
    CASE WHEN found.sequence = found.known AND stand.generation = $2 THEN NULL ELSE found.doc END AS doc
  FROM ${LIVE_SCHEMA}.checkpoint stand LEFT JOIN (
    SELECT vm.id, vm.sequence, vm.doc, asked.known
    FROM unnest($3::text[], $4::bigint[]) AS asked(id, known) JOIN ${LIVE_SCHEMA}.vm ON vm.id = asked.id
  ) found ON true
  WHERE stand.name = $1`;

/** The live table of VMs. Its methods throw `Unavailable` when it is away. */
export class PostgresVmTable implements VmTable {
  constructor(private readonly pool: pg.Pool) {}

  async since({ generation, sequence }: Standpoint): Promise<VmNews> {
    const rows = await this.read<NewsColumns>('VMs since', SINCE, [generation, sequence]);
    const head = rows.find((row) => row.generation !== null);
    if (head === undefined) throw noCheckpoint();
    return {
      generation: head.generation ?? '',
      sequence: Number(head.sequence),
      ids: head.ids ?? [],
      changed: new Map(rows.flatMap(({ id, doc }) => (id === null || doc === null ? [] : [[id, doc] as const]))),
    };
  }

  async lookUp(generation: string, known: ReadonlyMap<string, number>): Promise<VmLookup> {
    // No row has an id that Postgres cannot keep, and the question itself would fail, for all who ask in this turn.
    const asked = [...known].filter(([id]) => id === storableText(id));
    const values = [generation, asked.map(([id]) => id), asked.map(([, sequence]) => sequence)];
    const rows = await this.read<LookupColumns>('VMs by id', LOOK_UP, values);
    const [head] = rows;
    if (head === undefined) throw noCheckpoint();
    const found = rows.flatMap(({ id, doc }) => (id === null ? [] : [[id, doc ?? 'same'] as const]));
    return { generation: head.generation, found: new Map(found) };
  }

  private async read<R extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<R[]> {
    const query = { name, text, values: [CHECKPOINT, ...values] };
    return (await orUnavailable('read VMs', () => this.pool.query<R>(query))).rows;
  }
}

const noCheckpoint = (): Unavailable => new Unavailable('postgres', `Table ${LIVE_SCHEMA}.checkpoint has no row`);
