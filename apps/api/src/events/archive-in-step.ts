import { Unavailable } from '#events';
import type { ArchivedEvent } from '../archive/archived-event.js';
import type { ArchiveReader, EventQuery } from '../archive/archive-reader.js';

/** How long a reader waits for the archive, or the views, to have what this replica has told already. */
export const ARCHIVE_WAIT_LIMIT_MS = 5_000;

/** How far a follower of the log is. */
interface Gate {
  readonly reachedSequence: number;
  /** Throws `Unavailable` when it is not there in time. */
  reached(sequence: number, timeoutMs: number): Promise<void>;
}

export interface Gates {
  readonly views: Gate;
  readonly archive: Gate;
  /** Sequence up to which streams of this replica have told what happens. */
  readonly told: () => number;
}

/**
 * The archive, never behind what this replica's views show or its streams have told: all three follow the log by themselves, and who
 * has just read a row, or heard of an outcome or an event, finds the events of it. Every method throws `Unavailable` when the archive
 * does not get there in time, or is away.
 */
export class ArchiveInStep implements ArchiveReader {
  constructor(
    private readonly archive: ArchiveReader,
    private readonly gates: Gates,
    private readonly log: { lastSequence(): Promise<number> },
  ) {}

  async find(query: EventQuery): Promise<readonly ArchivedEvent[]> {
    await this.inStep();
    return this.archive.find(query);
  }

  async byId(id: string): Promise<ArchivedEvent | undefined> {
    await this.inStep();
    return this.archive.byId(id);
  }

  async history(...asked: Parameters<ArchiveReader['history']>): Promise<readonly ArchivedEvent[]> {
    await this.inStep();
    return this.archive.history(...asked);
  }

  async extent(): Promise<{ first: number; last: number }> {
    await this.inStep();
    return this.archive.extent();
  }

  /** Waits until the archive has this event, which a client may know from a stream. False: the log does not have it either. */
  async has(sequence: number): Promise<boolean> {
    if (sequence <= this.gates.archive.reachedSequence) return true;
    if (sequence > (await this.log.lastSequence())) return false;
    await this.reach(sequence);
    return true;
  }

  /** Waits until the views show what streams of this replica have told. */
  async viewsInStep(): Promise<void> {
    await this.gates.views.reached(this.gates.told(), ARCHIVE_WAIT_LIMIT_MS);
  }

  private inStep(): Promise<void> {
    const { views, told } = this.gates;
    return this.reach(Math.max(views.reachedSequence, told()));
  }

  private async reach(sequence: number): Promise<void> {
    const { archive } = this.gates;
    if (sequence <= archive.reachedSequence) return;
    await archive.reached(sequence, ARCHIVE_WAIT_LIMIT_MS).catch((cause: unknown) => {
      if (!(cause instanceof Unavailable)) throw cause;
      const message = `The archive has not reached event ${sequence} within ${ARCHIVE_WAIT_LIMIT_MS} ms`;
      throw new Unavailable('postgres', message, { cause });
    });
  }
}
