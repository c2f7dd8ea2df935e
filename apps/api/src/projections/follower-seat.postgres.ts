import pg from 'pg';
import { orUnavailable } from './database.postgres.js';
import type { FollowerSeat, HeldSeat } from './follower-seat.js';

/** Names the advisory lock of the one projector: "PROJ" in ASCII. */
export const PROJECTOR_LOCK = 0x50524f4a;
const CONNECT_LIMIT_MS = 5_000;
/** The server ends the session of a holder that fell off the network after 5 + 3 × 2 seconds, and the seat is free again. */
const KEEPALIVE = 'SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3';

/** The seat is an advisory lock that lives as long as a connection of its own. */
export class PostgresFollowerSeat implements FollowerSeat {
  constructor(
    private readonly url: string,
    private readonly lock = PROJECTOR_LOCK,
    private readonly name = 'muster-projector',
  ) {}

  take(): Promise<HeldSeat | undefined> {
    return orUnavailable(`take the seat of ${this.name}`, async () => {
      const client = new pg.Client({
        connectionString: this.url,
        connectionTimeoutMillis: CONNECT_LIMIT_MS,
        keepAlive: true,
        application_name: this.name,
      });
      const lost = new Promise<void>((resolve) => client.once('end', resolve).on('error', () => resolve()));
      try {
        await client.connect();
        await client.query(KEEPALIVE);
        const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
          this.lock,
        ]);
        if (rows[0]?.taken === true) return { lost, leave: () => client.end() };
      } catch (cause) {
        await client.end().catch(() => undefined);
        throw cause;
      }
      await client.end();
      return undefined;
    });
  }
}
