/**
 * Reads what came after a sequence, in order, and then what happens. Whoever writes the last sequence beside what he made of the events, in
 * one transaction, deals with each exactly once.
 *   node resume-by-sequence.mjs <after> [how many]
 */
import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { limit, open, show } from './connection.mjs';

const [after = '0', count] = process.argv.slice(2);
let last = Number(after);
const connection = await open();

const { state } = await (await jetstreamManager(connection)).streams.info('EVENTS');
if (last + 1 < state.first_seq) {
  console.error(
    `The stream begins with ${state.first_seq}; read what is missing from GET /api/v2/events?after=${last}`,
  );
  process.exit(1);
}

// An ordered consumer: made again, behind the last message, whenever the connection breaks.
const consumer = await jetstream(connection).consumers.get('EVENTS', {
  deliver_policy: DeliverPolicy.StartSequence,
  opt_start_seq: last + 1,
});
let left = limit(count);
for await (const message of await consumer.consume()) {
  if (message.seq <= last) continue; // came again
  last = message.seq;
  show(message.json());
  if (--left === 0) break;
}
await connection.close();
console.error(`Next time: node resume-by-sequence.mjs ${last}`);
