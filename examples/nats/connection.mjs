import { connect } from '@nats-io/transport-node';

/**
 * NATS_URL, NATS_USER and NATS_PASSWORD, or the server of `npm start` on this machine, where whoever gives no credentials may read events
 * and nothing else.
 */
export function open(more = {}) {
  const { NATS_URL = 'nats://127.0.0.1:4222', NATS_USER, NATS_PASSWORD } = process.env;
  return connect({
    servers: NATS_URL,
    ...(NATS_USER && { user: NATS_USER, pass: NATS_PASSWORD }),
    // A server that is away comes back.
    maxReconnectAttempts: -1,
    ...more,
  });
}

/** How many events an example shows before it ends; it goes on for ever without a number. */
export const limit = (argument) => (argument === undefined ? Infinity : Number(argument));

export function show({ sequence, time, type, subject, data }) {
  console.log(JSON.stringify({ sequence, time, type, subject, ...(data.nodeId && { nodeId: data.nodeId }) }));
}
