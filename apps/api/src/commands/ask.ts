import type { Command, Outcome } from '#domain';
import type { Clock, CommandDoor, CommandEnvelope } from '#events';
import { checkIdempotencyKey } from './command-id.js';
import { RecentRate } from './recent-rate.js';

/** How long a door waits for the projection to reach what its client's command caused, after the outcome is known. */
export const READ_YOUR_WRITES_LIMIT_MS = 5_000;

/** Who asks, from where, and as part of what; of a request: `askedBy`. */
export interface AskContext extends Omit<CommandEnvelope, 'id' | 'time' | 'command'> {
  /** From `Ask.idFor`; the same id is the same request. */
  readonly commandId: string;
}

/** Says when the local projection has reached a sequence. */
export interface ReadGate {
  /** Throws `Unavailable` when it is not there in time. */
  reached(sequence: number, timeoutMs: number): Promise<void>;
}

/**
 * The one way by which a door changes anything (law 5): sends the command, waits for the outcome, and, when it was accepted, until this
 * replica can read what it caused.
 */
export class Ask {
  /** Commands that were accepted, of those asked for here. */
  readonly accepted: RecentRate;

  constructor(
    private readonly door: CommandDoor,
    private readonly gate: ReadGate,
    private readonly clock: Clock,
    private readonly newId: () => string,
  ) {
    this.accepted = new RecentRate(clock);
  }

  /** The id of the command that a request makes: its `Idempotency-Key` when it has one, else a fresh one. */
  idFor(idempotencyKey?: string): string {
    return idempotencyKey || this.newId();
  }

  /**
   * Throws `Unavailable`, after which the same request with the same id may be made again. Things made by the command take their ids
   * from `derivedId(commandId, n)`, so that such a repetition answers the same.
   */
  async command(command: Command, context: AskContext): Promise<Outcome> {
    const { commandId, ...asker } = context;
    const refusal = checkIdempotencyKey(commandId);
    if (refusal !== undefined) return { kind: 'refused', refusal };
    const outcome = await this.door.send({ ...asker, id: commandId, time: this.clock.now(), command });
    if (outcome.kind === 'accepted') {
      this.accepted.count();
      await this.gate.reached(outcome.sequence, READ_YOUR_WRITES_LIMIT_MS);
    }
    return outcome;
  }
}
