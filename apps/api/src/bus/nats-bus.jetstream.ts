import { ARCHIVE_SUBJECT, LEASE_BUCKET } from '#events';
import {
  CoreExplainDoor,
  CoreHeartbeats,
  CoreProjectionSignal,
  ensureStreams,
  JetStreamBookmarks,
  JetStreamCommandDoor,
  JetStreamEventLog,
  JetStreamLease,
  LEASE_TTL_MS,
  JetStreamSingleUse,
  NatsLink,
} from '#events/jetstream';
import type { Log } from '../shell/log.js';
import type { Bus } from './bus.js';

const ASK_LIMIT_MS = 2_000;
/** The key of the lease, which vanishes when nobody renews it. */
const LEASE_KEY = 'control-plane';

/** Connects to NATS and makes sure of the streams. Throws `Unavailable` when that cannot be done now. */
export async function connectNatsBus(url: string, name: string, log: Log): Promise<Bus> {
  const link = await NatsLink.connect({ url, name, onStatus: ({ level, message }) => log[level](message) });
  try {
    await ensureStreams(link);
  } catch (cause) {
    await link.close();
    throw cause;
  }
  return {
    door: new JetStreamCommandDoor(link),
    log: new JetStreamEventLog(link),
    heartbeats: new CoreHeartbeats(link),
    signal: new CoreProjectionSignal(link),
    archiveSignal: new CoreProjectionSignal(link, ARCHIVE_SUBJECT),
    explainDoor: new CoreExplainDoor(link),
    bookmarks: new JetStreamBookmarks(link),
    leaseOf: (seat) => new JetStreamLease(link, LEASE_TTL_MS, seat),
    singleUse: new JetStreamSingleUse(link),
    hasControlPlane: () => leaseIsHeld(link),
    closed: link.closed,
    close: () => link.close(),
  };
}

async function leaseIsHeld(link: NatsLink): Promise<boolean> {
  const question = JSON.stringify({ last_by_subj: `$KV.${LEASE_BUCKET}.${LEASE_KEY}` });
  const subject = `$JS.API.STREAM.MSG.GET.KV_${LEASE_BUCKET}`;
  const answer = await link.nc.request(subject, question, { timeout: ASK_LIMIT_MS });
  const { message } = answer.json<{ message?: { data?: string } }>();
  // A lease that was released leaves a mark without a value.
  return message?.data !== undefined && message.data !== '';
}
