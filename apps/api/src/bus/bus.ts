import {
  type Bookmarks,
  type Clock,
  type CommandDoor,
  type EventLog,
  type ExplainDoor,
  type Heartbeats,
  type Lease,
  type ProjectionSignal,
  type SingleUse,
  Unavailable,
} from '#events';

/** One connection to NATS and what the API does over it. */
export interface Bus {
  readonly door: CommandDoor;
  readonly log: Pick<EventLog, 'follow' | 'lastSequence' | 'incarnation'>;
  readonly heartbeats: Heartbeats;
  readonly signal: ProjectionSignal;
  readonly archiveSignal: ProjectionSignal;
  readonly explainDoor: ExplainDoor;
  readonly bookmarks: Bookmarks;
  /** A seat that one replica has, by its name. */
  leaseOf(seat: string): Lease;
  readonly singleUse: SingleUse;
  /** Whether some control plane holds the lease. */
  hasControlPlane(): Promise<boolean>;
  /** Resolves when the connection is closed for good. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** The bus as soon as there is one: NATS may come after us, and may close a connection for good. Until then everything is `Unavailable`. */
export class LateBus {
  private bus: Bus | undefined;
  private trouble = 'no attempt to connect has ended yet';

  /** In place of the bus's own, for those who are made before there is one. */
  readonly door: CommandDoor = { send: async (envelope) => this.now().door.send(envelope) };
  readonly explainDoor: ExplainDoor = { explain: async (vmId) => this.now().explainDoor.explain(vmId) };
  readonly singleUse: Pick<SingleUse, 'use'> = { use: async (name) => this.now().singleUse.use(name) };
  readonly log: Bus['log'] = {
    follow: (from) => this.now().log.follow(from),
    lastSequence: async () => this.now().log.lastSequence(),
    incarnation: async () => this.now().log.incarnation(),
  };

  /** News for other replicas; without a bus they learn of it a little later. */
  announce(sequence: number): void {
    this.bus?.signal.announce(sequence);
  }

  announceArchived(sequence: number): void {
    this.bus?.archiveSignal.announce(sequence);
  }

  constructor(
    private readonly connect: () => Promise<Bus>,
    private readonly clock: Clock,
  ) {}

  /** Throws `Unavailable` while there is none. */
  now(): Bus {
    if (this.bus === undefined) throw new Unavailable('nats', `There is no connection to NATS: ${this.trouble}`);
    return this.bus;
  }

  /** Connects, again and again, until the signal is given; then closes. Each new bus is shown to `onBus`. */
  async run(signal: AbortSignal, onBus: (bus: Bus) => void, onTrouble: (message: string) => void): Promise<void> {
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        this.bus = await this.connect();
        pauseMs = FIRST_PAUSE_MS;
        onBus(this.bus);
        await Promise.race([this.bus.closed, stopped]);
        this.trouble = 'it was closed';
      } catch (cause) {
        this.trouble = cause instanceof Error ? cause.message : String(cause);
        onTrouble(this.trouble);
      }
      await this.bus?.close().catch(() => undefined);
      this.bus = undefined;
      if (!signal.aborted) await this.clock.sleep(pauseMs, signal).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }
}
