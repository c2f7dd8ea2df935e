import type pg from 'pg';
import { openPool } from '../projections/database.postgres.js';
import { EVENT_TABLE, HEAD_TABLE } from './archive-tables.postgres.js';
import type { ExportSummary } from './export-file.js';

interface Kept {
  readonly sequence: string;
  readonly hash: string;
}

/** The archive of an installation whose log is put back: empty or not made yet, or one that has outlived its log. */
export class KeptArchive {
  private constructor(
    private readonly pool: pg.Pool,
    private readonly kept: Kept | undefined,
  ) {}

  static async find(databaseUrl: string): Promise<KeptArchive> {
    const pool = openPool(databaseUrl, 1);
    try {
      const made = await pool.query<{ made: boolean }>(`SELECT to_regclass('${EVENT_TABLE}') IS NOT NULL AS made`);
      if (made.rows[0]?.made !== true) return new KeptArchive(pool, undefined);
      const { rows } = await pool.query<Kept>(
        `SELECT sequence, encode(hash, 'hex') AS hash FROM ${HEAD_TABLE} WHERE sequence > 0`,
      );
      return new KeptArchive(pool, rows[0]);
    } catch (cause) {
      await pool.end();
      throw cause;
    }
  }

  get isEmpty(): boolean {
    return this.kept === undefined;
  }

  /** Throws unless the archive is empty or holds the very events of the file. */
  assertFits({ header, trailer }: ExportSummary): void {
    if (this.kept === undefined || this.kept.hash === trailer.hash) return;
    throw new Error(
      `Cannot import: the database has an archive already, which ends at sequence ${this.kept.sequence} and is not that of the file, which ends at ${header.last}. Export that archive, or import into a database that is new`,
    );
  }

  /** The archive goes on with the log of this id. */
  async belongsTo(incarnation: string): Promise<void> {
    await this.pool.query(`UPDATE ${HEAD_TABLE} SET incarnation = $1`, [incarnation]);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
