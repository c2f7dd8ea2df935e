import type { NatsConnection, NatsConnectionImpl } from '@nats-io/transport-node';
import { atEndOfTurn } from '../clock/turn.system.js';

/** So much is written at once; what is more does not wait for the end of the turn. */
const MAX_WRITE_BYTES = 256 * 1024;

/** The part of the client that hands what was published to the socket; it does so after every step of the program. */
interface Writer {
  flushPending(): void;
  readonly outbound: { size(): number };
}

/**
 * Lets everything that is published in one turn of the event loop leave in one write: a write costs more than the message in it, here
 * and at the server, and a process under load publishes many messages per turn. Much leaves at once.
 */
export function writeOncePerTurn(connection: NatsConnection): void {
  const writer = (connection as NatsConnectionImpl).protocol as unknown as Writer;
  const write = writer.flushPending.bind(writer);
  let isDue = false;
  writer.flushPending = () => {
    if (writer.outbound.size() >= MAX_WRITE_BYTES) return write();
    if (isDue) return;
    isDue = true;
    atEndOfTurn(() => {
      isDue = false;
      write();
    });
  };
}
