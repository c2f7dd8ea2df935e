import type pg from 'pg';
import { orUnavailable } from './database.postgres.js';

/** Reads by named prepared statements: each connection plans them once. */
export class Rows<R> {
  constructor(
    private readonly pool: pg.Pool,
    private readonly what: string,
  ) {}

  async read(name: string, text: string, values: readonly unknown[] = []): Promise<R[]> {
    const query = { name: `${this.what} ${name}`, text, values: [...values] };
    const { rows } = await orUnavailable(`read ${this.what}`, () => this.pool.query<R & pg.QueryResultRow>(query));
    return rows;
  }
}
