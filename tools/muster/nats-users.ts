import { randomBytes } from 'node:crypto';
import { type NatsUser, natsUsersText } from '../../libs/events/src/nats-users.js';
import { COMMANDER_INBOX } from '../services/nats-passwords.js';

const PASSWORD_BYTES = 24;

/**
 * `npm run muster -- nats-users [<node id> …]`: the part of a nats-server's configuration that knows a controller, a reader, a commander
 * and the agent of each of these nodes, with new passwords. It is printed and kept nowhere.
 */
export function natsUsersFor(nodeIds: readonly string[], password = newPassword): string {
  const users: NatsUser[] = [
    { user: 'controller', password: password(), is: { role: 'controller' } },
    { user: 'reader', password: password(), is: { role: 'reader' } },
    { user: 'commander', password: password(), is: { role: 'commander', inbox: COMMANDER_INBOX } },
    ...nodeIds.map((nodeId): NatsUser => ({ user: nodeId, password: password(), is: { role: 'agent', nodeId } })),
  ];
  return `${ADVICE}${natsUsersText(users)}`;
}

const newPassword = (): string => randomBytes(PASSWORD_BYTES).toString('base64url');

const ADVICE = `# For nats-server. The API and the scheduler get MUSTER_NATS_URL=nats://controller:<password>@<host>, each node agent that of
# its own user, whose name is its MUSTER_NODE_ID. Whoever reads events needs the reader, whoever gives commands the commander.
`;
