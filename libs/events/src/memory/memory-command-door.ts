import type { Outcome } from '#domain';
import type { CommandEnvelope } from '../envelope.js';
import type { CommandDoor, Published } from '../ports/command-queue.js';
import { commandSubject } from '../subjects.js';
import { commandText } from '../wire/command-message.js';
import { WaitingDoor } from '../wire/waiting-door.js';
import type { MemoryLink } from './memory-link.js';

export class MemoryCommandDoor implements CommandDoor {
  private readonly door: WaitingDoor;

  constructor(
    private readonly link: MemoryLink,
    options: { readonly timeoutMs?: number } = {},
  ) {
    const inbox = link.newInbox();
    this.door = new WaitingDoor({ inbox, publish: this.publish.bind(this) }, link.clock, options.timeoutMs);
    link.subscribe(inbox, (text, subject) =>
      this.door.deliver(subject.slice(inbox.length), JSON.parse(text) as Outcome),
    );
    link.onChange(() => link.closed && this.door.abandon(link.closedError()));
  }

  send(envelope: CommandEnvelope): Promise<Outcome> {
    return this.door.send(envelope);
  }

  private async publish(envelope: CommandEnvelope, messageId: string, replyTo: string): Promise<Published> {
    const subject = commandSubject(envelope.command);
    const message = { subject, text: commandText(envelope), messageId, replyTo };
    return this.link.request(subject, () => this.link.server.commands.append(message));
  }
}
