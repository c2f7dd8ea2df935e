import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos, nuid } from '@nats-io/transport-node';
import { Unavailable } from '../fault.js';
import {
  REMNANT_STREAM,
  REMNANT_SUBJECTS,
  COMMAND_SUBJECTS,
  COMMANDS_STREAM,
  DESIRED_BUCKET,
  EVENT_SUBJECTS,
  EVENTS_STREAM,
  LEASE_BUCKET,
  BOOKMARK_BUCKET,
  SINGLE_USE_BUCKET,
} from '../subjects.js';
import { SINGLE_USE_KEPT_MS } from '../ports/single-use.js';
import { COMMAND_WINDOW_MS, EVENT_WINDOW_MS } from '../wire/duplicate-windows.js';
import type { NatsLink } from './link.jetstream.js';

/** How long a lease lasts without being renewed, ms, unless told otherwise. */
export const LEASE_TTL_MS = 2000;
/** How long one question to the server about a stream may take, ms. */
const ASK_TIMEOUT_MS = 5000;
const STREAM_NOT_FOUND = 10059;
const STREAM_NAME_IN_USE = 10058;

export interface StreamOptions {
  /** Copies in a cluster: 1, 3 or 5. */
  readonly replicas?: number;
  readonly leaseTtlMs?: number;
  readonly singleUseKeptMs?: number;
}

/**
 * Begins the description of each stream that we make; a random id follows, and stays for as long as the stream lives. The server's own
 * `created` will not do: 2.9 forgets it when a stream is changed after a restart.
 */
const INCARNATION = 'incarnation ';

/** The id of this very stream, another one when it was deleted and made anew. Streams of somebody else's making go by their age. */
export function incarnationOf({ config, created }: StreamInfo): string {
  const { description } = config;
  return description?.startsWith(INCARNATION) ? description.slice(INCARNATION.length) : created;
}

type Wanted = Partial<StreamConfig> & { name: string };

/**
 * Makes the streams and buckets, or finds them as they must be. Throws when a stream is otherwise and cannot be changed, and when the
 * server took the configuration without a word and left a part of it out, as old servers do.
 */
export async function ensureStreams(link: NatsLink, options: StreamOptions = {}): Promise<void> {
  const manager = await managerOf(link);
  for (const wanted of streams(options)) await ensureStream(manager, wanted);
}

/** Asks nothing of the server itself, so that a restricted user may have one. */
export const managerOf = (link: NatsLink, timeoutMs = ASK_TIMEOUT_MS): Promise<JetStreamManager> =>
  jetstreamManager(link.nc, { timeout: timeoutMs, checkAPI: false });

function streams(options: StreamOptions): Wanted[] {
  const { replicas = 1, leaseTtlMs = LEASE_TTL_MS, singleUseKeptMs = SINGLE_USE_KEPT_MS } = options;
  const kept = { storage: StorageType.File, retention: RetentionPolicy.Limits, discard: DiscardPolicy.New };
  const log = { ...kept, num_replicas: replicas, max_age: 0 };
  const bucket = {
    ...kept,
    num_replicas: replicas,
    max_msgs_per_subject: 1,
    allow_rollup_hdrs: true,
    allow_direct: true,
  };
  return [
    { ...log, name: COMMANDS_STREAM, subjects: COMMAND_SUBJECTS, duplicate_window: nanos(COMMAND_WINDOW_MS) },
    {
      ...log,
      name: EVENTS_STREAM,
      subjects: EVENT_SUBJECTS,
      duplicate_window: nanos(EVENT_WINDOW_MS),
      deny_delete: true,
      deny_purge: true,
      allow_rollup_hdrs: false,
      // A cut opens this for a moment; whoever died in it left it open.
      max_msgs: -1,
    },
    { ...log, name: REMNANT_STREAM, subjects: REMNANT_SUBJECTS },
    { ...bucket, name: `KV_${DESIRED_BUCKET}`, subjects: [`$KV.${DESIRED_BUCKET}.>`], max_age: 0 },
    { ...bucket, name: `KV_${BOOKMARK_BUCKET}`, subjects: [`$KV.${BOOKMARK_BUCKET}.>`], max_age: 0 },
    { ...bucket, name: `KV_${LEASE_BUCKET}`, subjects: [`$KV.${LEASE_BUCKET}.>`], max_age: nanos(leaseTtlMs) },
    {
      ...bucket,
      name: `KV_${SINGLE_USE_BUCKET}`,
      subjects: [`$KV.${SINGLE_USE_BUCKET}.>`],
      max_age: nanos(singleUseKeptMs),
    },
  ];
}

async function ensureStream(manager: JetStreamManager, wanted: Wanted): Promise<void> {
  try {
    const present = (await infoOf(manager, wanted.name))?.config;
    if (present && difference(wanted, present) === undefined) return;
    const { config } = present
      ? await manager.streams.update(wanted.name, { ...present, ...wanted })
      : await made(manager, wanted);
    const wrong = difference(wanted, config);
    if (wrong !== undefined) throw new Error(`Stream ${wanted.name} has ${wrong}`);
  } catch (cause) {
    throw meaningOf(wanted.name, cause);
  }
}

/** Makes a stream out of which messages can be taken again, until `ensureStreams` locks it. */
export async function makeUnlocked(manager: JetStreamManager, name: string): Promise<void> {
  const wanted = streams({}).find((stream) => stream.name === name);
  if (wanted !== undefined) await made(manager, { ...wanted, deny_delete: false, deny_purge: false });
}

/** Makes the stream. Of many who try at once one wins, and all find the same stream. */
async function made(manager: JetStreamManager, wanted: Wanted): Promise<{ config: StreamConfig }> {
  try {
    return await manager.streams.add({ ...wanted, description: `${INCARNATION}${nuid.next()}` });
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NAME_IN_USE)
      return manager.streams.info(wanted.name);
    throw error;
  }
}

/** What the server knows of a stream; undefined when there is none. */
export async function infoOf(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}

/** The first field that is not as it must be, in words. A server leaves out fields that are false or zero. */
function difference(wanted: Wanted, actual: StreamConfig): string | undefined {
  for (const [field, must] of Object.entries(wanted)) {
    const is: unknown = actual[field as keyof StreamConfig] ?? (must === false ? false : must === 0 ? 0 : undefined);
    if (JSON.stringify(is) !== JSON.stringify(must))
      return `${field} ${JSON.stringify(is)} and must have ${JSON.stringify(must)}`;
  }
  return undefined;
}

function meaningOf(name: string, cause: unknown): Error {
  if (cause instanceof JetStreamApiError)
    return new Error(`Cannot make stream ${name} as it must be: ${cause.message} (${cause.code})`, { cause });
  if (cause instanceof Error && cause.message.startsWith('Stream ')) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new Unavailable('nats', `Cannot make sure of stream ${name}: ${detail}`, { cause });
}
