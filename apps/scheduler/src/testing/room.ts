import { DEFAULT_POLICY, type Outcome, type Policy } from '#domain';
import type { CommandEnvelope } from '#events';
import {
  MemoryCommandDoor,
  MemoryCommandQueue,
  MemoryDesiredState,
  MemoryEventLog,
  MemoryExplainDesk,
  MemoryExplainDoor,
  MemoryLease,
  type MemoryLink,
  MemoryNats,
  VirtualClock,
} from '#events/testing';
import { ControlPlane } from '../control-plane/control-plane.js';
import { NodeWatch } from '../control-plane/node-watch.js';
import type { Observer } from '../control-plane/observer.js';

/** A server, a clock and as many control planes as a spec wants, each on its own connection. */
export class Room {
  readonly clock = new VirtualClock(1_000_000);
  readonly nats = new MemoryNats(this.clock);
  readonly told: string[] = [];
  private readonly link = this.nats.connect('door');
  readonly door = new MemoryCommandDoor(this.link);
  readonly explainDoor = new MemoryExplainDoor(this.link);
  readonly commands = new MemoryCommandQueue(this.link);
  readonly log = new MemoryEventLog(this.link);
  readonly desired = new MemoryDesiredState(this.link);
  private sent = 0;

  controlPlane(
    name: string,
    policy: Policy = DEFAULT_POLICY,
  ): { plane: ControlPlane; link: MemoryLink; watch: NodeWatch } {
    const link = this.nats.connect(name);
    const watch = new NodeWatch(this.clock);
    const plane = new ControlPlane({
      commands: new MemoryCommandQueue(link),
      log: new MemoryEventLog(link),
      desired: new MemoryDesiredState(link),
      explainDesk: new MemoryExplainDesk(link),
      lease: new MemoryLease(link),
      clock: this.clock,
      nodeWatch: watch,
      policy,
      observer: this.observer(name),
      instanceId: name,
    });
    plane.start();
    return { plane, link, watch };
  }

  /** Sends a command as a door would, and lets `ms` of virtual time pass for the answer. */
  async ask(command: CommandEnvelope['command'], id = `c${++this.sent}`, ms = 100): Promise<Outcome | Error> {
    const answer = this.door.send(this.envelope(command, id)).catch((error: unknown) => error as Error);
    await this.clock.advanceBy(ms);
    return answer;
  }

  envelope(command: CommandEnvelope['command'], id: string): CommandEnvelope {
    return { id, time: this.clock.now(), actor: 'spec', correlationId: id, command };
  }

  /** Types of all events in the log, as the server holds them. */
  facts(): string[] {
    const { events } = this.nats;
    return Array.from(
      { length: events.last },
      (_, index) =>
        events
          .at(index + 1)
          .subject.split('.')
          .at(-1) ?? '',
    );
  }

  private observer(name: string): Observer {
    return {
      role: (role) => this.told.push(`${name} is ${role}`),
      decided: () => undefined,
      struck: (sequence, strike) => this.told.push(`${name} struck ${strike} by ${sequence}`),
      logKept: () => undefined,
      termEnded: (cause) => this.told.push(`${name} ended: ${cause instanceof Error ? cause.name : String(cause)}`),
      fault: (doing) => this.told.push(`${name} could not ${doing}`),
    };
  }
}
