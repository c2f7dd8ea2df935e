import type pg from 'pg';

/**
 * Does work on one connection of the pool, for transactions. A connection that is cut meanwhile fails the next query, and nothing else;
 * one on which work failed is not used again, so whatever state a transaction was left in ends with it.
 */
export async function onClient<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Without a listener, the cut of a connection that waits for no answer would end the process.
  const ignore = () => undefined;
  client.on('error', ignore);
  let failure: Error | undefined;
  try {
    return await work(client);
  } catch (cause) {
    failure = cause as Error;
    throw cause;
  } finally {
    client.off('error', ignore);
    client.release(failure);
  }
}
