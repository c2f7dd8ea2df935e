import { type Cluster, emptyCluster } from '../cluster.js';
import type { Command, RecordedCommand } from '../commands.js';
import { decide, type Decision } from '../decide.js';
import type { RecordedEvent } from '../events.js';
import { evolve } from '../evolve.js';

/** When the first command of a history is decided, unless it says otherwise: 2026-01-01, unix ms. */
export const START_OF_TIME = Date.UTC(2026, 0, 1);

/** One command and what came of it. */
export interface Chapter {
  readonly command: RecordedCommand;
  readonly decision: Decision;
  /** Events in the log before it. */
  readonly before: number;
}

/** Commands decided one after the other on one cluster, with everything that came of them: a log and its queue in miniature. */
export class History {
  readonly cluster: Cluster = emptyCluster();
  readonly events: RecordedEvent[] = [];
  readonly chapters: Chapter[] = [];
  private now = START_OF_TIME;

  /** Decides the command `afterMs` later than the one before. A repeated id is a repeated request. */
  say(command: Command, { id, afterMs = 1 }: { id?: string; afterMs?: number } = {}): Decision {
    this.now += afterMs;
    const sequence = this.chapters.length + 1;
    const cause = {
      sequence,
      id: id ?? `c-${sequence}`,
      commandType: command.type,
      actor: 'tester',
      // Doors say where their client is; nodes, and everybody of earlier releases, do not.
      ...(sequence % 2 === 0 && { auth: 'key', address: `192.0.2.${sequence % 100}` }),
      correlationId: `corr-${sequence}`,
    };
    const recorded: RecordedCommand = { cause, time: this.now, command };
    const before = this.events.length;
    const decision = decide(this.cluster, recorded);
    this.events.push(...decision.events);
    this.chapters.push({ command: recorded, decision, before });
    return decision;
  }

  /** Unix ms of the last command. */
  get time(): number {
    return this.now;
  }
}

/** A new cluster that holds these events. */
export function fold(events: Iterable<RecordedEvent>): Cluster {
  const cluster = emptyCluster();
  for (const event of events) evolve(cluster, event);
  return cluster;
}
