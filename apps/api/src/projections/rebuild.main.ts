import { assertKnownSettings, requireSettings, systemClock } from '#events';
import { JetStreamEventLog, NatsLink } from '#events/jetstream';
import { openPool } from './database.postgres.js';
import type { Projected } from './projector.js';
import { rebuild } from './rebuild.postgres.js';

const TELL_EVERY_MS = 1_000;
const CANCELLED_BY_SIGNAL = 130;

/** One line a second: how far, how fast. */
class Progress {
  private readonly began = systemClock.now();
  private told = this.began;
  private events = 0;

  note = ({ sequence, events }: Projected, lastSequence: number): void => {
    this.events += events;
    const now = systemClock.now();
    if (now - this.told < TELL_EVERY_MS && sequence < lastSequence) return;
    this.told = now;
    const percent = ((100 * sequence) / Math.max(1, lastSequence)).toFixed(1);
    console.log(`${sequence} of ${lastSequence} events (${percent} %), ${this.perSecond()} events/s`);
  };

  perSecond(): number {
    return Math.round((1000 * this.events) / Math.max(1, systemClock.now() - this.began));
  }
}

/** Builds the tables anew from the log; Ctrl-C leaves the live ones as they were. */
async function run(natsUrl: string, databaseUrl: string, signal: AbortSignal): Promise<void> {
  const link = await NatsLink.connect({ url: natsUrl, name: 'muster-rebuild' });
  const pool = openPool(databaseUrl, 2, '-c synchronous_commit=off');
  const progress = new Progress();
  try {
    const log = new JetStreamEventLog(link);
    const order = { databaseUrl, pool, log, clock: systemClock, signal, onProgress: progress.note };
    const { events } = await rebuild(order);
    console.log(`Rebuilt from ${events} events, ${progress.perSecond()} events/s; the new tables are live.`);
  } finally {
    await pool.end();
    await link.close();
  }
}

assertKnownSettings(process.env);
const settings = requireSettings(process.env, ['MUSTER_NATS_URL', 'MUSTER_DATABASE_URL']);
const cancel = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => cancel.abort(new Error('Cancelled; the live tables are as they were')));
try {
  await run(settings.MUSTER_NATS_URL, settings.MUSTER_DATABASE_URL, cancel.signal);
} catch (cause) {
  console.error(cancel.signal.aborted ? String(cancel.signal.reason) : cause);
  process.exitCode = cancel.signal.aborted ? CANCELLED_BY_SIGNAL : 1;
}
