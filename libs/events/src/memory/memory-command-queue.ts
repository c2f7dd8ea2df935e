import type { CommandEnvelope, ReceivedCommand } from '../envelope.js';
import type { CommandQueue, Published, Told } from '../ports/command-queue.js';
import type { Feed } from '../ports/feed.js';
import { COMMANDS_STREAM, commandSubject } from '../subjects.js';
import { commandText, readCommand } from '../wire/command-message.js';
import { MemoryFeed } from './memory-feed.js';
import type { MemoryLink } from './memory-link.js';
import type { NewMessage } from './memory-stream.js';

export class MemoryCommandQueue implements CommandQueue {
  constructor(private readonly link: MemoryLink) {}

  async publish(envelope: CommandEnvelope): Promise<Published> {
    const subject = commandSubject(envelope.command);
    return this.publishRaw({ subject, text: commandText(envelope), messageId: envelope.id });
  }

  /** Puts anything into COMMANDS, as any NATS client could. */
  async publishRaw(message: NewMessage): Promise<Published> {
    return this.link.request(message.subject, () => this.link.server.commands.append(message));
  }

  follow(fromSequence: number): Feed<ReceivedCommand> {
    return new MemoryFeed(this.link, this.link.server.commands, COMMANDS_STREAM, fromSequence, readCommand);
  }

  lastSequence(): Promise<number> {
    return this.link.request(`${COMMANDS_STREAM}.last`, () => this.link.server.commands.last);
  }

  reply(replyTo: string, outcome: Told): void {
    this.link.publish(replyTo, JSON.stringify(outcome));
  }
}
