import type pg from 'pg';
import { orUnavailable } from '../projections/database.postgres.js';
import { LIVE_SCHEMA } from '../projections/tables.postgres.js';
import type { ScriptReferences } from './script-sweep.js';

/** Reads every VM and every save; for a sweep that comes once an hour. */
export class PostgresScriptReferences implements ScriptReferences {
  constructor(private readonly pool: pg.Pool) {}

  async digests(): Promise<ReadonlySet<string>> {
    const text = `SELECT doc #>> '{request,script,digest}' AS digest FROM ${LIVE_SCHEMA}.vm
      UNION SELECT doc #>> '{order,script,digest}' FROM ${LIVE_SCHEMA}.image`;
    const { rows } = await orUnavailable('read which scripts VMs and saves name', () =>
      this.pool.query<{ digest: string | null }>(text),
    );
    return new Set(rows.flatMap(({ digest }) => digest ?? []));
  }
}
