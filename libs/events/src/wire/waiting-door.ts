import type { Outcome } from '#domain';
import type { CommandEnvelope } from '../envelope.js';
import { Unavailable } from '../fault.js';
import type { Alarm, Clock } from '../ports/clock.js';
import type { CommandDoor, Published } from '../ports/command-queue.js';

/** How long a door waits for an outcome, ms, unless told otherwise. */
export const DOOR_TIMEOUT_MS = 5000;
/** Calls of one door that may wait for their outcome at the same time. */
export const MAX_WAITING_CALLS = 20_000;

/** What a door needs of the transport. */
export interface DoorTransport {
  /** Unique among doors; call tokens are appended to it. */
  readonly inbox: string;
  publish(envelope: CommandEnvelope, messageId: string, replyTo: string): Promise<Published>;
}

interface Call {
  readonly envelope: CommandEnvelope;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  alarm: Alarm | undefined;
  queued: boolean;
}

/** The door of both forms: a call per reply subject, and the second question for a command that was sent before. */
export class WaitingDoor implements CommandDoor {
  private readonly calls = new Map<string, Call>();
  private made = 0;

  constructor(
    private readonly transport: DoorTransport,
    private readonly clock: Clock,
    private readonly timeoutMs = DOOR_TIMEOUT_MS,
  ) {}

  send(envelope: CommandEnvelope): Promise<Outcome> {
    if (this.calls.size >= MAX_WAITING_CALLS) {
      const message = `Cannot send ${envelope.id}: ${MAX_WAITING_CALLS} calls wait for an outcome already`;
      return Promise.reject(new Unavailable('nats', message));
    }
    const token = (this.made++).toString(36);
    return new Promise((resolve, reject) => {
      const call: Call = { envelope, resolve, reject, alarm: undefined, queued: false };
      call.alarm = this.clock.after(this.timeoutMs, () => this.fail(token, this.tooLate(call)));
      this.calls.set(token, call);
      this.publish(token, call).catch((error: unknown) => this.fail(token, error));
    });
  }

  /** An outcome came for the call with this token. Nobody waiting any more is no error. */
  deliver(token: string, outcome: Outcome): void {
    this.take(token)?.resolve(outcome);
  }

  /** Gives up on all calls. */
  abandon(error: Error): void {
    for (const token of [...this.calls.keys()]) this.fail(token, error);
  }

  private async publish(token: string, call: Call): Promise<void> {
    const { envelope } = call;
    const replyTo = this.transport.inbox + token;
    const first = await this.transport.publish(envelope, envelope.id, replyTo);
    call.queued = true;
    if (!first.duplicate || !this.calls.has(token)) return;
    // The stored copy answers to somebody else, or to nobody any more. The decider knows the envelope id and repeats its outcome.
    await this.transport.publish(envelope, `${envelope.id}~${this.transport.inbox}${token}`, replyTo);
  }

  private tooLate({ envelope, queued }: Call): Unavailable {
    const what = queued ? 'is queued, but was not decided' : 'was not acknowledged';
    return new Unavailable(
      queued ? 'control-plane' : 'nats',
      `Command ${envelope.id} (${envelope.command.type}) ${what} within ${this.timeoutMs} ms`,
    );
  }

  private fail(token: string, error: unknown): void {
    this.take(token)?.reject(error);
  }

  private take(token: string): Call | undefined {
    const call = this.calls.get(token);
    this.calls.delete(token);
    call?.alarm?.cancel();
    return call;
  }
}
