import type { Bookmarks, Clock, EventLog, LogKeeper } from '#events';
import { RemnantMaker } from './remnant-maker.js';
import { PAUSE_MS } from './limits.js';
import { READERS, type Retention } from './retention.js';

export interface UpkeepParts {
  readonly log: EventLog;
  readonly keeper: LogKeeper;
  readonly bookmarks: Pick<Bookmarks, 'all'>;
  readonly clock: Clock;
  readonly retention: Retention;
  /** Names of drafts begin with it: unique for each term. */
  readonly termId: string;
  /** What became of it, for the log. */
  readonly tell: (done: UpkeepDone) => void;
  readonly onFault: (cause: unknown) => void;
}

export interface UpkeepDone {
  /** First event that is there now. */
  readonly firstEvent: number;
  /** Events of the remnant, and how far it reaches; 0: there is none. */
  readonly remnantEvents: number;
  readonly remnantThrough: number;
  /** When events were cut off, unix ms; 0: not this time. */
  readonly cutAt: number;
}

/**
 * Cuts off what is old and not needed, while this process is the one that writes the log (ADR 0025). Each step may be the last one of the
 * process: a remnant counts once it is whole and was read back, and nothing is cut off that no remnant holds.
 */
export class Upkeep {
  private drafts = 0;

  constructor(private readonly parts: UpkeepParts) {}

  /** Looks after the log until the signal is given. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, retention, onFault } = this.parts;
    if (retention.eventsMs === undefined && retention.commandsMs === undefined) return;
    while (!signal.aborted) {
      await clock.sleep(retention.lookMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.once(signal).catch((cause: unknown) => signal.aborted || onFault(cause));
    }
  }

  /** One look at everything. */
  async once(signal: AbortSignal): Promise<void> {
    const { retention, keeper, log } = this.parts;
    if (retention.eventsMs !== undefined) {
      await this.renewRemnant(await this.olderThan(retention.eventsMs), signal);
      await this.cutEvents(signal);
    }
    if (retention.commandsMs !== undefined) {
      const old = await keeper.lastBefore('COMMANDS', this.parts.clock.now() - retention.commandsMs);
      const upTo = Math.min(old, (await lastCause(log)) - 1);
      if (upTo >= (await keeper.extentOf('COMMANDS')).first && !signal.aborted) await keeper.cutCommands(upTo);
    }
  }

  /** The last event that is old enough, and that all who must have read it have read; 0: none. */
  private async olderThan(ageMs: number): Promise<number> {
    const { clock, keeper, log, bookmarks, retention } = this.parts;
    const incarnation = await log.incarnation();
    const marks = await bookmarks.all();
    const isMissing = READERS.some((name) => marks.get(name)?.incarnation !== incarnation);
    if (isMissing) return 0;
    const read = [...marks.values()].filter((mark) => mark.incarnation === incarnation).map(({ sequence }) => sequence);
    const old = await keeper.lastBefore('EVENTS', clock.now() - ageMs);
    const { last } = await keeper.extentOf('EVENTS');
    return Math.min(old, last - 1 - retention.marginEvents, ...read);
  }

  private async renewRemnant(through: number, signal: AbortSignal): Promise<void> {
    const { keeper, log, clock, retention, termId } = this.parts;
    const kept = await keeper.remnant();
    // That of a log which was deleted stands for nothing of this one.
    const isOwn = kept?.remnant.incarnation === (await log.incarnation());
    const before = isOwn ? kept.remnant.through : 0;
    if (through - before < retention.minEvents) return;
    // What an earlier term left half done, and the remnant that was replaced the time before.
    await keeper.dropDrafts(isOwn ? [kept.remnant.name] : []);
    const name = `${termId}-${++this.drafts}`;
    const remnant = await new RemnantMaker(log, keeper, clock, signal).make(name, through);
    if (remnant === undefined || remnant.through <= before || signal.aborted) return;
    await keeper.replaceRemnant(remnant, kept?.revision ?? 0);
  }

  private async cutEvents(signal: AbortSignal): Promise<void> {
    const { keeper, log, clock, retention, tell } = this.parts;
    const kept = await keeper.remnant();
    const { first: begins } = await keeper.extentOf('EVENTS');
    let first = begins;
    if (kept !== undefined && kept.remnant.incarnation === (await log.incarnation())) {
      const upTo = kept.remnant.through - retention.marginEvents;
      for (let before = 0; first !== before && first <= upTo && !signal.aborted;) {
        before = first;
        first = await keeper.cutEvents(upTo);
        await clock.sleep(PAUSE_MS, signal);
      }
    }
    const cutAt = first > begins ? clock.now() : 0;
    tell({
      firstEvent: first,
      remnantEvents: kept?.remnant.events ?? 0,
      remnantThrough: kept?.remnant.through ?? 0,
      cutAt,
    });
  }
}

/** The command of the last event that is durable: behind it a new term begins. 0: there is none. */
async function lastCause(log: EventLog): Promise<number> {
  const last = await log.lastSequence();
  if (last === 0) return 0;
  const feed = log.follow(last);
  for await (const { recorded } of feed) {
    feed.stop();
    return recorded?.cause.sequence ?? 0;
  }
  return 0;
}
