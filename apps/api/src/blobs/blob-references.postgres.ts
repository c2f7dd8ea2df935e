import type pg from 'pg';
import { Unavailable } from '#events';
import { orUnavailable } from '../projections/database.postgres.js';
import { CHECKPOINT, LIVE_SCHEMA } from '../projections/tables.postgres.js';
import type { BlobReferences, NamedBlobs } from './blob-sweep.js';

/** Images of templates and VMs. Distributions need no line: one ends when its version leaves the template. */
const IMAGES = `SELECT json_array_elements(doc -> 'versions') -> 'image' AS image FROM ${LIVE_SCHEMA}.template
  UNION ALL SELECT doc -> 'image' FROM ${LIVE_SCHEMA}.vm`;

/** Digests, each once. `.*` also looks into lists, such as the layers below a disk. */
const DIGESTS = `SELECT jsonb_path_query(image::jsonb, '$.*.digest') #>> '{}' FROM (${IMAGES}) AS images
  UNION SELECT doc #>> '{request,script,digest}' FROM ${LIVE_SCHEMA}.vm
  UNION SELECT doc #>> '{order,script,digest}' FROM ${LIVE_SCHEMA}.image`;

const NAMED = `SELECT sequence, incarnation, version, array_remove(ARRAY(${DIGESTS}), NULL) AS digests
  FROM ${LIVE_SCHEMA}.checkpoint WHERE name = $1`;

/** Reads every template, VM and save, and where the projection stands, in one statement; for a sweep that comes once an hour. */
export class PostgresBlobReferences implements BlobReferences {
  constructor(private readonly pool: pg.Pool) {}

  async read(): Promise<NamedBlobs> {
    const { rows } = await orUnavailable('read which blobs are named', () =>
      this.pool.query<{ sequence: string; incarnation: string | null; version: number; digests: string[] }>(NAMED, [
        CHECKPOINT,
      ]),
    );
    const row = rows[0];
    if (row === undefined) throw new Unavailable('postgres', `Table ${LIVE_SCHEMA}.checkpoint has no row`);
    const { incarnation, version } = row;
    return {
      digests: new Set(row.digests),
      position: { sequence: Number(row.sequence), incarnation: incarnation ?? undefined, version },
    };
  }
}
