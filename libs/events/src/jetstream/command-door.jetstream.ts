import type { Msg } from '@nats-io/transport-node';
import type { Outcome } from '#domain';
import { systemClock } from '../clock/clock.system.js';
import type { CommandEnvelope } from '../envelope.js';
import type { CommandDoor } from '../ports/command-queue.js';
import { utf8 } from '../wire/stored-event.js';
import { WaitingDoor } from '../wire/waiting-door.js';
import { publishCommand } from './command-queue.jetstream.js';
import type { NatsLink } from './link.jetstream.js';

export class JetStreamCommandDoor implements CommandDoor {
  private readonly door: WaitingDoor;

  constructor(link: NatsLink, options: { readonly timeoutMs?: number } = {}) {
    const inbox = link.newInbox();
    const transport = {
      inbox,
      publish: (envelope: CommandEnvelope, messageId: string, replyTo: string) =>
        publishCommand(link, envelope, messageId, replyTo),
    };
    this.door = new WaitingDoor(transport, systemClock, options.timeoutMs);
    link.nc.subscribe(`${inbox}*`, { callback: (error, message) => void (error ?? this.heard(inbox, message)) });
    void link.closed.then(() => this.door.abandon(link.closedError()));
  }

  send(envelope: CommandEnvelope): Promise<Outcome> {
    return this.door.send(envelope);
  }

  private heard(inbox: string, message: Msg): void {
    const outcome = outcomeOf(utf8(message.data));
    if (outcome) this.door.deliver(message.subject.slice(inbox.length), outcome);
  }
}

/** The inbox is open to anybody who knows it; what is no outcome is not for us. */
function outcomeOf(text: string): Outcome | undefined {
  try {
    const value = JSON.parse(text) as Partial<Outcome> | null;
    return value?.kind === 'accepted' || value?.kind === 'refused' ? (value as Outcome) : undefined;
  } catch {
    return undefined;
  }
}
