import { type Cluster, decide, type Decision, type RecordedCommand, recordFailure } from '#domain';
import { causeOf, type ReceivedCommand, recordedCommand } from '#events';
import { MAX_STRIKES } from './limits.js';
import type { Observer } from './observer.js';

/** The cluster in memory was left half changed by a command that broke the decider: it must be read from the log again. */
export class ClusterSpoilt extends Error {
  constructor(sequence: number, cause: unknown) {
    super(`Command ${sequence} broke the decider in the middle of its changes`, { cause });
    this.name = 'ClusterSpoilt';
  }
}

/** Decides one received command after the other, and survives those that break the decider (law 9). Outlives terms. */
export class Decider {
  private readonly strikes = new Map<number, { count: number; message: string }>();

  constructor(private readonly observer: Observer) {}

  /** Throws {@link ClusterSpoilt} when the cluster must be refolded before going on with this very command. */
  decide(cluster: Cluster, received: ReceivedCommand): Decision {
    if (!received.content.ok) return this.unreadable(cluster, received, received.content);
    const recorded = recordedCommand(received, received.content.envelope);
    for (;;) {
      const struck = this.strikes.get(received.sequence);
      const decision =
        struck !== undefined && struck.count >= MAX_STRIKES
          ? recordFailure(cluster, recorded, recorded.command.type, struck.message)
          : this.attempt(cluster, recorded);
      if (decision === undefined) continue;
      this.strikes.delete(received.sequence);
      this.observer.decided(recorded, decision);
      return decision;
    }
  }

  private attempt(cluster: Cluster, recorded: RecordedCommand): Decision | undefined {
    const before = cluster.sequence;
    try {
      return decide(cluster, recorded);
    } catch (cause) {
      const { sequence } = recorded.cause;
      const count = (this.strikes.get(sequence)?.count ?? 0) + 1;
      this.strikes.set(sequence, { count, message: cause instanceof Error ? cause.message : String(cause) });
      this.observer.struck(sequence, count, cause);
      if (cluster.sequence !== before) throw new ClusterSpoilt(sequence, cause);
      return undefined;
    }
  }

  private unreadable(cluster: Cluster, received: ReceivedCommand, content: { id: string; error: string }): Decision {
    const cause = causeOf(received.sequence, {
      id: content.id,
      time: received.time,
      actor: 'unknown',
      correlationId: content.id,
    });
    const recorded = { cause, time: received.time, command: { type: 'RunTimers' } } satisfies RecordedCommand;
    const known = cluster.outcomes.get(content.id);
    if (known?.commandSequence === received.sequence) {
      return { outcome: { kind: 'refused', refusal: { code: 'COMMAND_FAILED', message: content.error } }, events: [] };
    }
    this.observer.struck(received.sequence, MAX_STRIKES, new Error(content.error));
    return recordFailure(cluster, recorded, 'unreadable', content.error);
  }
}
