import type { Cause, Command, RecordedCommand, RecordedEvent } from '#domain';

/** A command on its way: what is asked, by whom, as part of what. Made once at the door and never changed. */
export interface CommandEnvelope {
  /** Also the deduplication id: the same id is the same request. */
  readonly id: string;
  /** When the sender made it, unix ms. Informative: decisions use the stream's clock. */
  readonly time: number;
  /** Who asks, e.g. `root`, `anonymous`, `node/mac-01`, `control-plane`. */
  readonly actor: string;
  /** How the actor proved itself: `none`, `root`, `key`, `certificate`, `oidc`, `node`, `nats` …; absent: nobody was asked to. */
  readonly auth?: string;
  /** Where the actor was, as its door saw it: an IP address. */
  readonly address?: string;
  /** The same for everything that follows from one request of a client. */
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly command: Command;
}

/** A message of COMMANDS as read back. `replyTo` is where its sender waits for the outcome. */
export interface ReceivedCommand {
  readonly sequence: number;
  /** The stream's clock, unix ms. */
  readonly time: number;
  readonly subject: string;
  readonly replyTo?: string;
  /** What was sent, or why it cannot be read. */
  readonly content:
    | { readonly ok: true; readonly envelope: CommandEnvelope }
    | { readonly ok: false; readonly id: string; readonly error: string };
}

export function recordedCommand(received: ReceivedCommand, envelope: CommandEnvelope): RecordedCommand {
  const { command } = envelope;
  return { cause: causeOf(received.sequence, envelope, command.type), time: received.time, command };
}

/** Without a type of a command that cannot be read. */
export function causeOf(sequence: number, envelope: Omit<CommandEnvelope, 'command'>, type?: Command['type']): Cause {
  return {
    sequence,
    id: envelope.id,
    ...(type !== undefined && { commandType: type }),
    actor: envelope.actor,
    ...(envelope.auth !== undefined && { auth: envelope.auth }),
    ...(envelope.address !== undefined && { address: envelope.address }),
    correlationId: envelope.correlationId,
    ...(envelope.traceparent !== undefined && { traceparent: envelope.traceparent }),
  };
}

export type { RecordedEvent };
