import type { Command, Outcome } from '#domain';
import { type Clock, type CommandDoor, Unavailable } from '#events';
import type { Ledger } from './ledger.js';

/** How long somebody waits before an unanswered request is sent again, ms. */
const RETRY_MS = 700;

/** Somebody at the command door who insists on an answer, with the same id until there is one. All requests enter the ledger. */
export class Asker {
  constructor(
    readonly name: string,
    private readonly door: CommandDoor,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
  ) {}

  async ask(id: string, command: Command): Promise<Outcome> {
    const request = this.ledger.open(id, command);
    for (;;) {
      request.sends++;
      try {
        request.outcome = await this.door.send({
          id,
          time: this.clock.now(),
          actor: this.name,
          correlationId: id,
          command,
        });
        return request.outcome;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        await this.clock.sleep(RETRY_MS);
      }
    }
  }
}
