import pg from 'pg';
import { Unavailable } from '#events';

/** Connections of one process at most. */
export const MAX_CONNECTIONS = 10;
const CONNECT_LIMIT_MS = 5_000;
/** No statement of a door or a projector may take longer. */
export const STATEMENT_LIMIT_MS = 30_000;
/** A server that does not even say that its limit is over has fallen off the network. */
const ANSWER_LIMIT_MS = STATEMENT_LIMIT_MS + 5_000;

/** What is committed survives a crash of the database, also where the server's own setting is that nobody waits for the disk. */
const DURABLE_SESSION = '-c synchronous_commit=on';

/** A pool that connects when it is first used, and again whenever the server was away. `options` are settings of each session. */
export function openPool(url: string, maxConnections = MAX_CONNECTIONS, options = DURABLE_SESSION): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: STATEMENT_LIMIT_MS,
    query_timeout: ANSWER_LIMIT_MS,
    keepAlive: true,
    application_name: 'muster-api',
    options,
  });
  // A cut idle connection is told by the next query that needs one.
  pool.on('error', () => undefined);
  return pool;
}

/** Classes of SQL states that say "not now": connection, resources, operator intervention; and tables that are not made yet. */
const AWAY_STATES = /^(08|53|57)|^(3D000|3F000|42P01|55P03)$/;
const AWAY_ERRNO = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** What the driver says when it has no code to give. */
const AWAY_TEXT =
  /connection terminated|connection ended|timeout exceeded when trying to connect|query read timeout|not queryable/i;

/** Runs database work; throws `Unavailable` when the database, or what it must hold, is away. */
export async function orUnavailable<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isAway(cause)) throw cause;
    const { message } = cause as Error;
    throw new Unavailable('postgres', `Cannot ${doing}: ${message || 'no connection to Postgres'}`, { cause });
  }
}

export function isAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, errors } = error as { code?: unknown; message?: unknown; errors?: unknown };
  if (typeof code === 'string') return AWAY_STATES.test(code) || AWAY_ERRNO.has(code);
  if (Array.isArray(errors)) return errors.some(isAway);
  return typeof message === 'string' && AWAY_TEXT.test(message);
}

/** Classes of SQL states that say "never this": data, integrity, limits of a value; and what a trigger raises. */
const REJECTED_STATES = /^(22|23|54)|^P0001$/;

/** The statement is rejected for the values in it, and would be every time. */
export function isRejectedData(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && REJECTED_STATES.test(code);
}

const NUL = '\u0000';
const TROUBLE = new RegExp(`[${NUL}\\ud800-\\udfff]`);
const LONE_SURROGATES = /\p{Surrogate}/gu;
const ESCAPED_TROUBLE = /\\u(0000|d[89a-f])/i;

/** Text that Postgres can keep: it has no NUL, and no half of a surrogate pair. Those become U+FFFD. */
export function storableText(text: string): string {
  if (!TROUBLE.test(text)) return text;
  return text.replaceAll(NUL, '\ufffd').replace(LONE_SURROGATES, '\ufffd');
}

/** JSON text that `jsonb` can keep, by the same rule. What it must not have can only be in it as an escape. */
export function storableJson(json: string): string {
  if (!json.includes('\\u') || !ESCAPED_TROUBLE.test(json)) return json;
  const clean = (_key: string, value: unknown): unknown => {
    if (typeof value === 'string') return storableText(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [storableText(name), field]));
  };
  return JSON.stringify(JSON.parse(json, clean));
}
