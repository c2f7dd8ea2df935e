import type { Report } from '#domain';
import { type Alarm, type CommandQueue, type Clock, Unavailable } from '#events';

/** Reports on their way at once. */
const MAX_SENDING = 256;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5_000;
/** A report that the queue refuses for its own sake, not for being away, is dropped after so many tries. */
const MAX_TRIES_OF_BAD_REPORT = 5;

interface Entry {
  readonly id: string;
  readonly time: number;
  readonly report: Report;
  tries: number;
}

export interface OutboxOrigin {
  readonly nodeId: string;
  readonly bootId: string;
}

/**
 * Reports on their way to the control plane: those of one VM in order, each sent until the queue has acknowledged it. When the queue
 * is away all wait; the pause between tries doubles up to a limit.
 */
export class Outbox {
  readonly #lanes = new Map<string, Entry[]>();
  /** Lanes whose first report can be sent. */
  readonly #ready = new Set<string>();
  readonly #sending = new Set<string>();
  readonly #idle: (() => void)[] = [];
  #waiting = 0;
  #counter = 0;
  #pauseMs = 0;
  #alarm: Alarm | undefined;
  #overflowed = false;
  #isClosed = false;

  /**
   * Holds up to `maxWaiting` reports. `onRoom` is called when some were refused and there is room again; `onFault` when one could not be
   * sent.
   */
  constructor(
    private readonly queue: Pick<CommandQueue, 'publish'>,
    private readonly clock: Clock,
    private readonly origin: OutboxOrigin,
    private readonly maxWaiting: number,
    private readonly onRoom: () => void,
    private readonly onFault: (doing: string, cause: unknown) => void,
  ) {}

  get size(): number {
    return this.#waiting;
  }

  /** Queues a report; false when there is no room. */
  add(report: Report): boolean {
    if (this.#isClosed) return false;
    const laneId = 'vmId' in report ? report.vmId : '';
    const lane = this.#lanes.get(laneId) ?? [];
    if (report.type === 'ReportVMTerminated') this.#forgetObsolete(lane, laneId);
    if (this.#waiting >= this.maxWaiting) {
      this.#overflowed = true;
      return false;
    }
    const { nodeId, bootId } = this.origin;
    lane.push({ id: `${nodeId}:${bootId}:${++this.#counter}`, time: this.clock.now(), report, tries: 0 });
    this.#waiting++;
    this.#lanes.set(laneId, lane);
    if (lane.length === 1) this.#ready.add(laneId);
    this.#send();
    return true;
  }

  /** Resolves when everything has been acknowledged. */
  async empty(): Promise<void> {
    if (this.#waiting > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Nothing is sent any more; what has not been acknowledged will be told again by the next life of the agent. */
  close(): void {
    this.#isClosed = true;
    this.#alarm?.cancel();
    this.#lanes.clear();
    this.#ready.clear();
    this.#waiting = 0;
  }

  /** The VM is wished away, and then only its end is of interest; what was not sent of it would change nothing. */
  #forgetObsolete(lane: Entry[], laneId: string): void {
    const kept = this.#sending.has(laneId) ? 1 : 0;
    this.#waiting -= lane.splice(kept).length;
  }

  #send(): void {
    if (this.#alarm !== undefined || this.#isClosed) return;
    for (const laneId of this.#ready) {
      if (this.#sending.size >= MAX_SENDING) return;
      const entry = this.#lanes.get(laneId)?.[0];
      this.#ready.delete(laneId);
      if (entry === undefined) {
        this.#lanes.delete(laneId);
        continue;
      }
      this.#sending.add(laneId);
      void this.#publish(entry).then((isDone) => this.#sent(laneId, isDone));
    }
  }

  /** Whether the report is done with. */
  async #publish(entry: Entry): Promise<boolean> {
    const { id, time, report } = entry;
    const { nodeId } = this.origin;
    const correlationId = 'vmId' in report ? report.vmId : id;
    try {
      await this.queue.publish({ id, time, actor: `node/${nodeId}`, correlationId, command: report });
      this.#pauseMs = 0;
      return true;
    } catch (error) {
      this.onFault(`send ${report.type}`, error);
      this.#pause();
      return !(error instanceof Unavailable) && ++entry.tries >= MAX_TRIES_OF_BAD_REPORT;
    }
  }

  #sent(laneId: string, isDone: boolean): void {
    this.#sending.delete(laneId);
    if (this.#isClosed) return;
    const lane = this.#lanes.get(laneId) ?? [];
    if (isDone) {
      lane.shift();
      this.#waiting--;
    }
    if (lane.length > 0) this.#ready.add(laneId);
    else this.#lanes.delete(laneId);
    if (this.#waiting === 0) for (const resolve of this.#idle.splice(0)) resolve();
    if (this.#overflowed && this.#waiting <= this.maxWaiting / 2) {
      this.#overflowed = false;
      this.onRoom();
    }
    this.#send();
  }

  #pause(): void {
    if (this.#alarm !== undefined || this.#isClosed) return;
    this.#pauseMs = Math.min(LAST_PAUSE_MS, this.#pauseMs === 0 ? FIRST_PAUSE_MS : this.#pauseMs * 2);
    this.#alarm = this.clock.after(this.#pauseMs, () => {
      this.#alarm = undefined;
      this.#send();
    });
  }
}
