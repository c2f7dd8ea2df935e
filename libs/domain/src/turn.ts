import type { Cluster } from './cluster.js';
import type { RecordedCommand } from './commands.js';
import type { Cause, DomainEvent, RecordedEvent } from './events.js';
import { evolve } from './evolve.js';
import { isAsked } from './vm/vm-events.js';

/**
 * One command's turn on the cluster. A decider reads the cluster and emits facts; each fact is true at once, so the next line of the
 * decider, and placement after it, see it.
 */
export class Turn {
  readonly events: RecordedEvent[] = [];
  /** Some of this command's events are in the log already: it was accepted before a crash, and only the rest is wanted. */
  readonly resumed: boolean;
  /** The refusal of this very command is in the log already. */
  readonly refusalIsThere: boolean;
  private readonly alreadyThere: number;

  constructor(
    readonly cluster: Cluster,
    private readonly recorded: RecordedCommand,
  ) {
    const isLast = cluster.cause.sequence === recorded.cause.sequence;
    this.alreadyThere = isLast ? cluster.cause.events : 0;
    this.resumed = this.alreadyThere > 0;
    this.refusalIsThere = isLast && !this.resumed;
  }

  /** The command's time, unix ms: the only "now" there is. */
  get time(): number {
    return Math.max(this.recorded.time, this.cluster.time);
  }

  get commandSequence(): number {
    return this.recorded.cause.sequence;
  }

  emit(event: DomainEvent): void {
    const recorded: RecordedEvent = {
      sequence: this.cluster.sequence + 1,
      id: this.idOf(event),
      time: this.time,
      cause: this.causeOf(event),
      event,
    };
    this.events.push(recorded);
    evolve(this.cluster, recorded);
  }

  /** A refused command may come again and be accepted then: its events must not have the id of the refusal. */
  private idOf({ type }: DomainEvent): string {
    const { id, sequence } = this.recorded.cause;
    return type === 'CommandRefused' ? `${id}:r${sequence}` : `${id}:${this.alreadyThere + this.events.length}`;
  }

  /** What the system does for a VM belongs to the request that the VM follows, whichever command made it possible. */
  private causeOf(event: DomainEvent): Cause {
    const { cause } = this.recorded;
    const vm = 'vmId' in event && !isAsked(event) ? this.cluster.vms.get(event.vmId) : undefined;
    return vm === undefined || vm.correlationId === cause.correlationId
      ? cause
      : { ...cause, correlationId: vm.correlationId };
  }
}
