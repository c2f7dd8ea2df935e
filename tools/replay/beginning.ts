import { foldLogged } from '../../apps/scheduler/src/control-plane/follower.js';
import { type Cluster, emptyCluster, type RecordedEvent } from '#domain';
import { type EventLog, LogCut, type LogKeeper } from '#events';

/** Where a replay begins: with the first command whose events are all there, on the cluster as it was then (ADR 0025). */
export interface Beginning {
  readonly cluster: Cluster;
  /** The first command that COMMANDS has. */
  readonly firstCommand: number;
  /** The first one that can be judged. */
  readonly judgedFrom: number;
  /** What was recorded of that one and of all later ones. */
  readonly events: readonly RecordedEvent[];
}

/**
 * Reads the log as whoever starts does: when its beginning was cut off, the remnant stands for that. What the remnant holds tells of what
 * lived at its end, not of what any command did, so commands before that cannot be judged; nor can those that were cut off COMMANDS.
 */
export async function readBeginning(
  log: Pick<EventLog, 'follow'>,
  keeper: Pick<LogKeeper, 'remnant' | 'extentOf'>,
  lastEvent: number,
): Promise<Beginning> {
  const { first: firstCommand } = await keeper.extentOf('COMMANDS');
  for (;;) {
    const through = await cutThrough(keeper);
    const read = await reading(log, { firstCommand, through, lastEvent }).catch((cause: unknown) => {
      if (!(cause instanceof LogCut)) throw cause;
      return cause;
    });
    // A log that was cut while it was being read may have begun as another one than we took it for.
    const isSame = (await cutThrough(keeper)) === through;
    if (isSame && read instanceof LogCut) throw read;
    if (isSame && !(read instanceof LogCut)) return read;
  }
}

/** The last event that a remnant stands for; 0: the log is whole. */
async function cutThrough(keeper: Pick<LogKeeper, 'remnant' | 'extentOf'>): Promise<number> {
  const { first } = await keeper.extentOf('EVENTS');
  return first <= 1 ? 0 : ((await keeper.remnant())?.remnant.through ?? 0);
}

async function reading(
  log: Pick<EventLog, 'follow'>,
  { firstCommand, through, lastEvent }: { firstCommand: number; through: number; lastEvent: number },
): Promise<Beginning> {
  const cluster = emptyCluster();
  const events: RecordedEvent[] = [];
  let judgedFrom = through > 0 ? undefined : firstCommand;
  if (lastEvent > 0) {
    const feed = log.follow(1);
    for await (const { sequence, recorded } of feed) {
      const cause = recorded?.cause.sequence;
      // A remnant ends with the last event of a command: all of those behind it are there.
      if (sequence > through && cause !== undefined) judgedFrom ??= Math.max(firstCommand, cause);
      const isJudged = sequence > through && cause !== undefined && cause >= (judgedFrom ?? Infinity);
      if (isJudged) events.push(recorded as RecordedEvent);
      else if (events.length === 0) foldLogged(cluster, { sequence, recorded });
      if (sequence >= lastEvent) break;
    }
    feed.stop();
  }
  // Its last event may not be needed any more, and still has its place.
  cluster.sequence = Math.max(cluster.sequence, through);
  return { cluster, firstCommand, judgedFrom: judgedFrom ?? firstCommand, events };
}
