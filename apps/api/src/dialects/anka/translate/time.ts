/** What Go prints for a time that was never set. */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

/** Unix ms as RFC 3339. */
export const timeOf = (unixMs: number): string => new Date(unixMs).toISOString();
