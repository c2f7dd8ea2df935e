import type { StreamInfo } from '@nats-io/jetstream';
import { Unavailable } from '../fault.js';
import type { NatsLink } from './link.jetstream.js';
import { managerOf } from './streams.jetstream.js';

/** What the server knows of a stream. Throws `Unavailable`. */
export async function streamInfo(link: NatsLink, stream: string): Promise<StreamInfo> {
  if (link.isClosed) throw link.closedError();
  try {
    return await (await managerOf(link)).streams.info(stream);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Unavailable('nats', `Cannot ask for the state of stream ${stream}: ${detail}`, { cause });
  }
}

export const lastSequence = async (link: NatsLink, stream: string): Promise<number> =>
  (await streamInfo(link, stream)).state.last_seq;
