import { type Command, decide, desiredNode, type DomainEvent, emptyCluster, type NodeId } from '#domain';
import { type Clock, type CommandQueue, type DesiredState, recordedCommand, type ReceivedCommand } from '#events';
import { MemoryCommandQueue, MemoryDesiredState, type MemoryNats } from '#events/testing';

/** The real decider between COMMANDS and the desired state; no log, no lease, no second one. */
export class SmallControlPlane {
  readonly cluster = emptyCluster();
  readonly events: DomainEvent[] = [];
  #asked = 0;

  constructor(
    private readonly queue: CommandQueue,
    private readonly desired: DesiredState,
    private readonly clock: Clock,
  ) {}

  static on(nats: MemoryNats): SmallControlPlane {
    const link = nats.connect('control-plane');
    return new SmallControlPlane(new MemoryCommandQueue(link), new MemoryDesiredState(link), nats.clock);
  }

  /** Decides everything there is and will be. */
  async run(): Promise<void> {
    for await (const received of this.queue.follow(1)) {
      this.#decide(received);
      const { touched, noted } = this.cluster;
      for (const nodeId of new Set([...touched, ...noted])) this.#write(nodeId);
      touched.clear();
      noted.clear();
    }
  }

  async ask(command: Command): Promise<void> {
    const id = `ask-${++this.#asked}`;
    await this.queue.publish({ id, time: this.clock.now(), actor: 'root', correlationId: id, command });
  }

  /** What happened to a VM, by name. */
  story(vmId: string): string[] {
    return this.events.flatMap((event) => ('vmId' in event && event.vmId === vmId ? [event.type] : []));
  }

  /** A value that cannot be written is followed by another one soon. */
  #write(nodeId: NodeId): void {
    this.desired.put(nodeId, desiredNode(this.cluster, nodeId)).catch(() => this.cluster.touched.add(nodeId));
  }

  #decide(received: ReceivedCommand): void {
    if (!received.content.ok) throw new Error(received.content.error);
    const { events } = decide(this.cluster, recordedCommand(received, received.content.envelope));
    for (const { event } of events) this.events.push(event);
  }
}
