import { isDeepStrictEqual } from 'node:util';
import { decide, emptyCluster, evolve, type RecordedEvent, recordFailure } from '#domain';
import { type CommandQueue, encodeEvent, type EventLog, recordedCommand } from '#events';

export interface ReplayReport {
  readonly commands: number;
  readonly events: number;
  readonly differences: readonly Difference[];
  /** Differences found beyond those listed. */
  readonly more: number;
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
 * they end now; a command behind the last decided one may still be on its way and is not judged.
 */
export async function replay(commands: CommandQueue, log: EventLog): Promise<ReplayReport> {
  const [lastCommand, lastEvent] = [await commands.lastSequence(), await log.lastSequence()];
  const events = await recordedEvents(log, lastEvent);
  const lastCause = events.at(-1)?.cause.sequence ?? 0;
  const cluster = emptyCluster();
  const differences: Difference[] = [];
  let recordsRefusals = false;
  let found = 0;
  let next = 0;
  let count = 0;
  if (lastCommand === 0) return { commands: 0, events: events.length, differences, more: 0 };
  const feed = commands.follow(1);
  for await (const received of feed) {
    if (received.sequence > lastCause) break;
    count++;
    const recorded: RecordedEvent[] = [];
    while (events[next]?.cause.sequence === received.sequence) recorded.push(events[next++] as RecordedEvent);
    const failed = recorded[0]?.event.type === 'CommandFailed';
    const type = received.content.ok ? received.content.envelope.command.type : 'unreadable';
    // What broke the decider once is taken as recorded: whether it would break again says nothing about the rules.
    if (failed || !received.content.ok) {
      recorded.forEach((event) => evolve(cluster, event));
    } else {
      const command = recordedCommand(received, received.content.envelope);
      const replayed = attempt(
        () => decide(cluster, command).events,
        () => recordFailure(cluster, command, type, 'replay failed').events,
      );
      recordsRefusals ||= recorded.some(isRefusal);
      // Builds before 0.4 recorded none (ADR 0027).
      if (!recordsRefusals && recorded.length === 0 && replayed.every(isRefusal)) {
        cluster.sequence -= replayed.length;
      } else if (!same(recorded, replayed) && ++found <= MAX_LISTED) {
        differences.push({
          commandSequence: received.sequence,
          commandType: type,
          recorded: recorded.map(encodeEvent),
          replayed: replayed.map(encodeEvent),
        });
      }
    }
    if (received.sequence >= lastCommand) break;
  }
  feed.stop();
  return { commands: count, events: events.length, differences, more: Math.max(0, found - MAX_LISTED) };
}

const isRefusal = ({ event }: RecordedEvent): boolean => event.type === 'CommandRefused';

async function recordedEvents(log: EventLog, last: number): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  if (last === 0) return events;
  const feed = log.follow(1);
  for await (const { sequence, recorded } of feed) {
    if (recorded !== undefined) events.push(recorded);
    if (sequence >= last) break;
  }
  feed.stop();
  return events;
}

/** Compared as they are on the wire: what JSON drops does not differ. */
function same(recorded: readonly RecordedEvent[], replayed: readonly RecordedEvent[]): boolean {
  return isDeepStrictEqual(onTheWire(recorded), onTheWire(replayed));
}

const onTheWire = (events: readonly RecordedEvent[]): unknown => JSON.parse(JSON.stringify(events.map(encodeEvent)));

function attempt<T>(main: () => T, otherwise: () => T): T {
  try {
    return main();
  } catch {
    return otherwise();
  }
}
