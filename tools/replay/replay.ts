import { isDeepStrictEqual } from 'node:util';
import { decide, evolve, type RecordedEvent, recordFailure } from '#domain';
import {
  type CommandQueue,
  encodeEvent,
  type EventLog,
  type LogKeeper,
  type ReceivedCommand,
  recordedCommand,
} from '#events';
import { type Beginning, readBeginning } from './beginning.js';

export interface ReplayReport {
  readonly commands: number;
  readonly events: number;
  readonly differences: readonly Difference[];
  /** Differences found beyond those listed. */
  readonly more: number;
  /** Commands that were not judged, as their turn was before a cut of either stream. */
  readonly beforeCut: number;
  /** Commands behind it that were not judged, as they repeat one from before, of whose outcome nothing is known. */
  readonly repeated: number;
}

export interface Difference {
  readonly commandSequence: number;
  readonly commandType: string;
  readonly recorded: readonly unknown[];
  readonly replayed: readonly unknown[];
}

const MAX_LISTED = 20;

/**
 * Folds the recorded COMMANDS through this build and compares with the recorded EVENTS (law 4). Both streams are read up to where
 * they end now; a command behind the last decided one may still be on its way and is not judged. When they were cut, it begins behind that.
 */
export async function replay(
  commands: CommandQueue,
  log: EventLog,
  keeper: Pick<LogKeeper, 'remnant' | 'extentOf'>,
): Promise<ReplayReport> {
  const [lastCommand, lastEvent] = [await commands.lastSequence(), await log.lastSequence()];
  const beginning = await readBeginning(log, keeper, lastEvent);
  const judge = new Judge(beginning);
  const { firstCommand, events } = beginning;
  const lastCause = events.at(-1)?.cause.sequence ?? 0;
  if (lastCommand < firstCommand) return judge.report();
  const feed = commands.follow(firstCommand);
  for await (const received of feed) {
    if (received.sequence > lastCause) break;
    judge.take(received);
    if (received.sequence >= lastCommand) break;
  }
  feed.stop();
  return judge.report();
}

/** Decides one command after the other and compares. */
class Judge {
  private readonly differences: Difference[] = [];
  /** Ids of commands whose outcome may have been cut off. */
  private readonly passed = new Set<string>();
  private recordsRefusals = false;
  private found = 0;
  private next = 0;
  private count = 0;
  private repeated = 0;

  constructor(private readonly beginning: Beginning) {}

  take(received: ReceivedCommand): void {
    const { sequence, content } = received;
    if (sequence < this.beginning.judgedFrom) {
      if (content.ok) this.passed.add(content.envelope.id);
      return;
    }
    const recorded = this.recordedOf(sequence);
    if (recorded.length === 0 && content.ok && this.isForgotten(content.envelope.id)) {
      this.repeated++;
      return;
    }
    this.count++;
    this.judge(received, recorded);
  }

  report(): ReplayReport {
    return {
      commands: this.count,
      events: this.beginning.events.length,
      differences: this.differences,
      more: Math.max(0, this.found - MAX_LISTED),
      beforeCut: this.beginning.judgedFrom - 1,
      repeated: this.repeated,
    };
  }

  private recordedOf(commandSequence: number): RecordedEvent[] {
    const { events } = this.beginning;
    const begin = this.next;
    while (events[this.next]?.cause.sequence === commandSequence) this.next++;
    return events.slice(begin, this.next);
  }

  /** Whether the outcome of this id was known when the command came, and is not any more. */
  private isForgotten(id: string): boolean {
    return this.passed.has(id) && !this.beginning.cluster.outcomes.has(id);
  }

  private judge(received: ReceivedCommand, recorded: readonly RecordedEvent[]): void {
    const { cluster } = this.beginning;
    const { content } = received;
    // What broke the decider once is taken as recorded: whether it would break again says nothing about the rules.
    if (recorded[0]?.event.type === 'CommandFailed' || !content.ok) {
      recorded.forEach((event) => evolve(cluster, event));
      return;
    }
    const command = recordedCommand(received, content.envelope);
    const { type } = command.command;
    const replayed = attempt(
      () => decide(cluster, command).events,
      () => recordFailure(cluster, command, type, 'replay failed').events,
    );
    this.recordsRefusals ||= recorded.some(isRefusal);
    // Builds before 0.4 recorded none (ADR 0027).
    if (!this.recordsRefusals && recorded.length === 0 && replayed.every(isRefusal))
      cluster.sequence -= replayed.length;
    else if (!same(recorded, replayed)) this.differ(received.sequence, type, recorded, replayed);
  }

  private differ(
    commandSequence: number,
    commandType: string,
    recorded: readonly RecordedEvent[],
    replayed: readonly RecordedEvent[],
  ): void {
    if (++this.found > MAX_LISTED) return;
    this.differences.push({
      ...{ commandSequence, commandType },
      recorded: recorded.map(encodeEvent),
      replayed: replayed.map(encodeEvent),
    });
  }
}

const isRefusal = ({ event }: RecordedEvent): boolean => event.type === 'CommandRefused';

/** Compared as they are on the wire: what JSON drops does not differ. */
function same(recorded: readonly RecordedEvent[], replayed: readonly RecordedEvent[]): boolean {
  const then = replayed.map((event, index) =>
    recorded[index]?.cause.commandType === undefined ? untyped(event) : event,
  );
  return isDeepStrictEqual(onTheWire(recorded), onTheWire(then));
}

/** Builds before 0.4 did not say which command it was (ADR 0027). */
function untyped({ cause: { commandType: _, ...cause }, ...event }: RecordedEvent): RecordedEvent {
  return { ...event, cause };
}

const onTheWire = (events: readonly RecordedEvent[]): unknown => JSON.parse(JSON.stringify(events.map(encodeEvent)));

function attempt<T>(main: () => T, otherwise: () => T): T {
  try {
    return main();
  } catch {
    return otherwise();
  }
}
