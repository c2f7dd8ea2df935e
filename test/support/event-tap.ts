import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { until } from './until.js';

/** A CloudEvent as anybody reads it, without our types. */
export interface TappedEvent {
  readonly subject: string;
  readonly event: {
    readonly specversion: string;
    readonly id: string;
    readonly source: string;
    readonly type: string;
    readonly subject: string;
    readonly time: string;
    readonly sequence: number;
    readonly correlationid: string;
    readonly causationid: string;
    readonly commandsequence: number;
    readonly actor: string;
    readonly data: Record<string, unknown>;
  };
}

/** Listens to `muster.evt.>` with a plain NATS client. */
export class EventTap {
  readonly heard: TappedEvent[] = [];

  private constructor(private readonly subscription: Subscription) {}

  static async on(connection: NatsConnection): Promise<EventTap> {
    const tap = new EventTap(connection.subscribe('muster.evt.>'));
    void tap.listen();
    await connection.flush();
    return tap;
  }

  /** Names of the events about this thing, in the order in which they came. */
  namesOf(id: string): string[] {
    return this.eventsOf(id).map(({ subject }) => lastToken(subject));
  }

  eventsOf(id: string): TappedEvent[] {
    return this.heard.filter(({ event }) => event.subject === id);
  }

  /** Waits until this event about this thing has come. */
  async hears(id: string, name: string, withinMs = 30_000): Promise<TappedEvent> {
    const look = (): TappedEvent | undefined => this.eventsOf(id).find(({ subject }) => lastToken(subject) === name);
    return until(`${name} of ${id} is heard`, look, withinMs, () => `Heard: ${this.namesOf(id).join(', ')}`);
  }

  stop(): void {
    this.subscription.unsubscribe();
  }

  private async listen(): Promise<void> {
    for await (const message of this.subscription) {
      this.heard.push({ subject: message.subject, event: message.json<TappedEvent['event']>() });
    }
  }
}

const lastToken = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);
