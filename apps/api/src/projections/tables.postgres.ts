import type { Kind } from './kinds.js';

/** The tables that doors read from. */
export const LIVE_SCHEMA = 'projection';
/** Where a rebuild builds. */
export const NEXT_SCHEMA = 'projection_next';
/** What was live before a rebuild, until it is dropped. */
export const OLD_SCHEMA = 'projection_old';

export type ProjectionSchema = typeof LIVE_SCHEMA | typeof NEXT_SCHEMA;

/** The one row of `checkpoint`. */
export const CHECKPOINT = 'projection';

/** The table of a kind, in one schema or another. */
export const tableName = (kind: Kind): string => kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** As a statement names it: some kinds are words of SQL. */
export const tableOf = (schema: string, kind: Kind): string => `${schema}."${tableName(kind)}"`;
