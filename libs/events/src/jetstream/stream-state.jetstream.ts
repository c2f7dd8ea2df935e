import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import { Unavailable } from '../fault.js';
import type { NatsLink } from './link.jetstream.js';
import { managerOf } from './streams.jetstream.js';

/** What the server knows of a stream. Throws `Unavailable`. */
export const streamInfo = (link: NatsLink, stream: string): Promise<StreamInfo> =>
  asked(link, `ask for the state of stream ${stream}`, (manager) => manager.streams.info(stream));

/** Every subject on which the stream has a message: for streams of few subjects. Throws `Unavailable`. */
export async function subjectsOf(link: NatsLink, stream: string): Promise<readonly string[]> {
  const info = await asked(link, `ask for the subjects of stream ${stream}`, (manager) =>
    manager.streams.info(stream, { subjects_filter: '>' }),
  );
  return Object.keys(info.state.subjects ?? {});
}

/** Asks the server about its streams, or to change them; `what`: for the error. Throws `Unavailable`. */
export async function asked<T>(
  link: NatsLink,
  what: string,
  ask: (manager: JetStreamManager) => Promise<T>,
): Promise<T> {
  if (link.isClosed) throw link.closedError();
  try {
    return await ask(await managerOf(link));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Unavailable('nats', `Cannot ${what}: ${detail}`, { cause });
  }
}

export const lastSequence = async (link: NatsLink, stream: string): Promise<number> =>
  (await streamInfo(link, stream)).state.last_seq;
