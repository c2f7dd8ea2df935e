/** Where the archive is kept. It is no projection: a rebuild touches none of it. */
export const ARCHIVE_SCHEMA = 'archive';
/** Partitioned by day. */
export const EVENT_TABLE = `${ARCHIVE_SCHEMA}.event`;
/** One row. */
export const HEAD_TABLE = `${ARCHIVE_SCHEMA}.head`;
export const HOLE_TABLE = `${ARCHIVE_SCHEMA}.hole`;

/** The table of one day, `2026-01-31`. */
export const partitionOf = (day: string): string => `${EVENT_TABLE}_${day.replaceAll('-', '')}`;
