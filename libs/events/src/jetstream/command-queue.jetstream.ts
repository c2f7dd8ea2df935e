import type { CommandEnvelope, ReceivedCommand } from '../envelope.js';
import type { CommandQueue, Published, Told } from '../ports/command-queue.js';
import type { Feed } from '../ports/feed.js';
import { COMMANDS_STREAM, commandSubject } from '../subjects.js';
import { commandText, readCommand, REPLY_HEADER } from '../wire/command-message.js';
import type { Delivery } from './delivery.jetstream.js';
import type { NatsLink } from './link.jetstream.js';
import { lastSequence } from './stream-state.jetstream.js';
import { SupervisedFeed } from './supervised-feed.jetstream.js';
import { MESSAGE_ID, WireHeaders } from './wire-headers.jetstream.js';

export class JetStreamCommandQueue implements CommandQueue {
  constructor(private readonly link: NatsLink) {}

  publish(envelope: CommandEnvelope): Promise<Published> {
    return publishCommand(this.link, envelope, envelope.id);
  }

  follow(fromSequence: number): Feed<ReceivedCommand> {
    return new SupervisedFeed(this.link, { stream: COMMANDS_STREAM, from: fromSequence }, received);
  }

  lastSequence(): Promise<number> {
    return lastSequence(this.link, COMMANDS_STREAM);
  }

  reply(replyTo: string, outcome: Told): void {
    this.link.tell(replyTo, JSON.stringify(outcome));
  }
}

/** Throws `Unavailable` when it is unknown whether the command was stored. */
export async function publishCommand(
  link: NatsLink,
  envelope: CommandEnvelope,
  messageId: string,
  replyTo?: string,
): Promise<Published> {
  const text = commandText(envelope);
  const headers = new WireHeaders().with(MESSAGE_ID, messageId);
  if (replyTo !== undefined) headers.with(REPLY_HEADER, replyTo);
  return link.acks.publish(commandSubject(envelope.command), text, headers);
}

function received(delivery: Delivery): ReceivedCommand {
  const { sequence, time, subject, text } = delivery;
  const messageId = delivery.header(MESSAGE_ID);
  const replyTo = delivery.header(REPLY_HEADER);
  return readCommand({
    sequence,
    time,
    subject,
    text,
    ...(messageId !== undefined && { messageId }),
    ...(replyTo !== undefined && { replyTo }),
  });
}
