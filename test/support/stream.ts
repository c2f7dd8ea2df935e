import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { Fleet } from './fleet.js';

/** A message as it is stored, read with a plain NATS client. */
export interface Stored<T> {
  readonly subject: string;
  readonly sequence: number;
  readonly body: T;
}

/** Everything that a stream holds now, in order. */
export async function contentOf<T>(fleet: Fleet, stream: 'COMMANDS' | 'EVENTS'): Promise<Stored<T>[]> {
  const connection = await fleet.nats();
  const { state } = await (await jetstreamManager(connection)).streams.info(stream);
  const stored: Stored<T>[] = [];
  if (state.messages === 0) return stored;
  const consumer = await jetstream(connection).consumers.get(stream);
  const messages = await consumer.consume();
  for await (const message of messages) {
    stored.push({ subject: message.subject, sequence: message.seq, body: message.json<T>() });
    if (message.seq >= state.last_seq) break;
  }
  await messages.close();
  return stored;
}

/** Sequence of the last message of a stream. */
export async function lastSequenceOf(fleet: Fleet, stream: 'COMMANDS' | 'EVENTS'): Promise<number> {
  const connection = await fleet.nats();
  try {
    return (await (await jetstreamManager(connection)).streams.info(stream)).state.last_seq;
  } finally {
    await connection.close();
  }
}
