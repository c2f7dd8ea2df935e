import type { Outcome } from '#domain';
import type { CommandEnvelope, ReceivedCommand } from '../envelope.js';
import type { Feed } from './feed.js';

/** COMMANDS as the control plane and the agents see it. */
export interface CommandQueue {
  /** Appends durably, or finds that the id is there already. Throws `Unavailable` when neither is certain; then send it again. */
  publish(envelope: CommandEnvelope): Promise<Published>;

  /**
   * All commands from this sequence on. What is already there comes first, then what arrives. The feed throws when the queue does not
   * reach up to there: it lost its newest commands, and to wait for the sequence would skip new ones.
   */
  follow(fromSequence: number): Feed<ReceivedCommand>;

  /** Sequence of the last command, 0 when there is none. */
  lastSequence(): Promise<number>;

  /** Tells the sender of a command how it went. Nobody waiting is no error, nor is a lost connection. */
  reply(replyTo: string, outcome: Told): void;
}

/** What the sender of a command hears. A client without a door learns the ids of its VMs here. */
export type Told = Outcome & { readonly vmIds?: readonly string[] };

export interface Published {
  readonly sequence: number;
  readonly duplicate: boolean;
}

/** COMMANDS as a door sees it: ask and hear (law 5). */
export interface CommandDoor {
  /**
   * Sends the command and waits for its outcome. Throws `Unavailable`: with dependency `nats` nothing may have been stored, with
   * `control-plane` the command is durably queued and will be decided; the same id later finds the outcome.
   */
  send(envelope: CommandEnvelope): Promise<Outcome>;
}
