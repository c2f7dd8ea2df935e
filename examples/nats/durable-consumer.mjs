/**
 * Reads every event once, however often it is stopped and started: the server remembers what was acknowledged.
 *   node durable-consumer.mjs <name> [how many]
 */
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { limit, open, show } from './connection.mjs';

const [name = 'example', count] = process.argv.slice(2);
const connection = await open();

// Made if it is not there yet; otherwise found as it is.
const manager = await jetstreamManager(connection);
await manager.consumers.add('EVENTS', {
  durable_name: name,
  ack_policy: AckPolicy.Explicit,
  // One after the other: an event that was not acknowledged comes again before those behind it.
  max_ack_pending: 1,
  // Forgotten by the server when nobody has asked for so long: 7 days, in nanoseconds.
  inactive_threshold: 7 * 24 * 3600 * 1e9,
});

const consumer = await jetstream(connection).consumers.get('EVENTS', name);
let left = limit(count);
for await (const message of await consumer.consume({ max_messages: 1 })) {
  const event = message.json();
  // Whatever is made of the event is made here. After a crash it comes again, with the same id.
  show(event);
  await message.ackAck();
  if (--left === 0) break;
}
await connection.close();
