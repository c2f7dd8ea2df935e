import { type Command, decide, desiredNode, type DomainEvent, emptyCluster } from '#domain';
import { recordedCommand, type ReceivedCommand } from '#events';
import { MemoryCommandQueue, MemoryDesiredState, type MemoryNats } from '#events/testing';

/** The real decider between COMMANDS and the desired state; no log, no lease, no second one. */
export class SmallControlPlane {
  readonly cluster = emptyCluster();
  readonly events: DomainEvent[] = [];
  readonly #queue: MemoryCommandQueue;
  readonly #desired: MemoryDesiredState;
  #asked = 0;

  constructor(private readonly nats: MemoryNats) {
    const link = nats.connect('control-plane');
    this.#queue = new MemoryCommandQueue(link);
    this.#desired = new MemoryDesiredState(link);
  }

  /** Decides everything there is and will be. */
  async run(): Promise<void> {
    for await (const received of this.#queue.follow(1)) {
      this.#decide(received);
      for (const nodeId of this.cluster.touched) void this.#desired.put(nodeId, desiredNode(this.cluster, nodeId));
      this.cluster.touched.clear();
    }
  }

  async ask(command: Command): Promise<void> {
    const id = `ask-${++this.#asked}`;
    await this.#queue.publish({ id, time: this.nats.clock.now(), actor: 'root', correlationId: id, command });
  }

  /** What happened to a VM, by name. */
  story(vmId: string): string[] {
    return this.events.flatMap((event) => ('vmId' in event && event.vmId === vmId ? [event.type] : []));
  }

  #decide(received: ReceivedCommand): void {
    if (!received.content.ok) throw new Error(received.content.error);
    const { events } = decide(this.cluster, recordedCommand(received, received.content.envelope));
    for (const { event } of events) this.events.push(event);
  }
}
