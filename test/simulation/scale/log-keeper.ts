import { createHash } from 'node:crypto';
import { encodeCommand } from '#events';
import { EventWriter } from '../../../libs/events/src/wire/event-text.js';
import type { LineBook } from './books.js';
import type { Decided } from './control.js';

/** Keeps what was said and what became true, each line as the streams keep it. A command's line number is its place in COMMANDS. */
export class LogKeeper {
  events = 0;
  private readonly writer = new EventWriter();
  private readonly hash = createHash('sha256');

  constructor(
    readonly commandBook: LineBook,
    readonly eventBook: LineBook,
  ) {}

  keep({ command: { cause, time, command }, events }: Decided): void {
    const { id, actor, correlationId } = cause;
    this.commandBook.write(JSON.stringify(encodeCommand({ id, time, actor, correlationId, command })));
    for (const event of events) {
      const line = this.writer.write(event);
      this.eventBook.write(line);
      this.hash.update(line).update('\n');
      this.events++;
    }
  }

  /** Ends the books. Returns the SHA-256 of the events, in hex. */
  close(): string {
    this.commandBook.close();
    this.eventBook.close();
    return this.hash.digest('hex');
  }
}
