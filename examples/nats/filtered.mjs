import { Buffer } from 'node:buffer';
import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { limit, open, show } from './connection.mjs';

/** An id as a part of a subject: what is no letter, digit, `_` or `-` is `=` and two hexadecimal digits. */
export const token = (id) =>
  [...Buffer.from(id, 'utf8')]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(letter) ? letter : `=${byte.toString(16).padStart(2, '0').toUpperCase()}`;
    })
    .join('');

/** Shows what stands under these subjects, from the first event that is kept, and then what happens. */
export async function follow(subjects, count, wanted = () => true) {
  const connection = await open();
  const consumer = await jetstream(connection).consumers.get('EVENTS', {
    // A list of several needs nats-server 2.10.
    filter_subjects: subjects.length === 1 ? subjects[0] : subjects,
    deliver_policy: DeliverPolicy.All,
  });
  let left = limit(count);
  for await (const message of await consumer.consume()) {
    const event = message.json();
    if (!wanted(event)) continue;
    show(event);
    if (--left === 0) break;
  }
  await connection.close();
}
