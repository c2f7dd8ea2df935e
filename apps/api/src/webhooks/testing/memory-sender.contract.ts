import type { AttemptResult, Message, Sender, Target } from '../delivery/sender.js';

/** A network in memory: it remembers what was sent, and answers what it is told to. */
export class MemorySender implements Sender {
  readonly sent: { readonly target: Target; readonly message: Message }[] = [];
  answer: AttemptResult = { outcome: 'delivered', status: 204, latencyMs: 7, request: 'POST /', response: '' };

  async send(target: Target, message: Message): Promise<AttemptResult> {
    this.sent.push({ target, message });
    return this.answer;
  }

  forget(): void {
    // It keeps no connections.
  }

  close(): void {
    // Nor here.
  }
}
