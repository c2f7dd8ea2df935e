/**
 * Starts VMs without a door, and ends with what came of it. Needs the credentials of a commander: NATS_USER and NATS_PASSWORD.
 *   node start-vm.mjs <template id> [count] [id of the command]
 */
import { randomUUID } from 'node:crypto';
import { headers } from '@nats-io/transport-node';
import { open } from './connection.mjs';

const [templateId = '', count = '1', id = randomUUID()] = process.argv.slice(2);
const WAIT_MS = 10_000;
// A commander may listen below its own prefix and nowhere else.
const inbox = process.env.NATS_INBOX ?? '_INBOX_commander';
const connection = await open({ inboxPrefix: inbox });

// First listen, then ask.
const replyTo = `${inbox}.${randomUUID()}`;
const answers = connection.subscribe(replyTo, { max: 1, timeout: WAIT_MS });

const wish = headers();
wish.set('Nats-Msg-Id', id);
wish.set('Muster-Reply', replyTo);
const payload = { data: { count: Number(count), request: { templateId } } };
const stored = await connection.request('muster.cmd.vm.StartVM', JSON.stringify(payload), {
  headers: wish,
  timeout: WAIT_MS,
});
// The stream's own answer: the wish is safe, and was there already if this id is known.
const { seq, duplicate = false, error } = stored.json();
if (error) throw new Error(error.description);
console.error(`Command ${id} is number ${seq}${duplicate ? ', as before' : ''}`);

// The control plane's answer. Ends with an error when nobody decides at present; the wish waits.
for await (const answer of answers) console.log(answer.string());
await connection.close();
