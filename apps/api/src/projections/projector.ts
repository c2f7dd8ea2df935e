import type { Clock, EventLog, LoggedEvent } from '#events';
import { type BatchLimits, decoded } from './event-batches.js';
import { checkMadeFrom, Mismatch, Overtaken } from './follower-ends.js';
import { foldBatch, idsOf } from './fold-batch.js';
import { inBatches } from './in-batches.js';
import { KINDS } from './kinds.js';
import type { ProjectionStore } from './projection-store.js';
import { RowCache } from './row-cache.js';
import { type Position, PROJECTION_VERSION } from './step.js';

/** Small enough that a batch is written in a few ms; lingering costs a waiting door that much. */
export const LIVE_BATCH: BatchLimits = { maxEvents: 1_000, lingerMs: 1 };

/** Nobody can repair that but an operator, by a rebuild. */
export class ProjectionMismatch extends Mismatch {
  constructor(message: string) {
    super(`${message}; rebuild it with "npm run rebuild"`);
  }
}

const MADE = { what: 'The projection', stands: 'stands', Mismatch: ProjectionMismatch };

export interface Projected {
  readonly sequence: number;
  readonly events: number;
  /** Time of the last event, unix ms. */
  readonly eventTime: number | undefined;
  /** Those of the events that this build cannot read. */
  readonly unreadable: number;
}

export interface ProjectorPorts {
  readonly log: Pick<EventLog, 'follow' | 'lastSequence' | 'incarnation'>;
  readonly store: ProjectionStore;
  readonly clock: Clock;
}

/** Follows the log and keeps one projection true to it. */
export class Projector {
  private cache = new RowCache();

  constructor(
    private readonly ports: ProjectorPorts,
    private readonly onCommit: (projected: Projected) => void,
    private readonly limits: BatchLimits = LIVE_BATCH,
  ) {}

  /**
   * Projects from where the projection stands until the signal is given. Throws `ProjectionMismatch`, `Overtaken`, or `Unavailable`
   * when the log or the store is away; then run it again.
   */
  async run(signal: AbortSignal): Promise<void> {
    this.cache = new RowCache();
    let position = await this.ports.store.position();
    const incarnation = await checkMadeFrom(this.ports.log, position, MADE);
    checkVersion(position);
    const reading = { from: position.sequence + 1, limits: this.limits, prepare: decoded };
    await inBatches(this.ports, reading, signal, async (batch) => {
      position = await this.project(batch, position, incarnation);
    });
  }

  private async project(batch: readonly LoggedEvent[], from: Position, incarnation: string): Promise<Position> {
    const events = batch.filter((event) => event.sequence > from.sequence);
    const last = events.at(-1);
    if (last === undefined) return from;
    const missing = this.cache.missing(idsOf(events));
    if (KINDS.some((kind) => missing[kind].length > 0)) this.cache.fill(await this.ports.store.load(missing));
    const changes = foldBatch(events, this.cache);
    const step = { from, incarnation, toSequence: last.sequence, changes };
    if (!(await this.ports.store.commit(step))) throw new Overtaken('projection', from.sequence);
    this.cache.apply(changes);
    const unreadable = events.reduce((count, { recorded }) => (recorded === undefined ? count + 1 : count), 0);
    this.onCommit({ sequence: last.sequence, events: events.length, eventTime: last.recorded?.time, unreadable });
    return { ...from, sequence: last.sequence, incarnation };
  }
}

function checkVersion({ version }: Position): void {
  if (version !== PROJECTION_VERSION)
    throw new ProjectionMismatch(
      `The projection is of version ${version}: this build makes and reads version ${PROJECTION_VERSION}`,
    );
}
