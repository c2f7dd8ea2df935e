import { setMaxListeners } from 'node:events';
import type { Clock, Watch } from '#events';
import type { Bus, LateBus } from './bus/bus.js';
import type { FollowerGate } from './projections/follower-gate.js';
import type { FollowerLoop } from './projections/follower-loop.js';
import type { HealthWatch } from './shell/health-watch.js';
import type { Log } from './shell/log.js';
import type { NodeVitals } from './vitals/node-vitals.js';

/** How long the last batch and the pools may take to end; a database that hangs must not keep us. */
const END_LIMIT_MS = 5_000;
/** Each flow may wait for its end in so many places at once; with more, Node warns of a leak, and is right. */
const LISTENERS_PER_FLOW = 8;

export interface BackboneParts {
  readonly bus: LateBus;
  readonly loop: FollowerLoop;
  readonly gate: FollowerGate;
  readonly archive: { readonly loop: FollowerLoop; readonly gate: FollowerGate };
  readonly watch: HealthWatch;
  readonly vitals: NodeVitals;
  readonly clock: Clock;
  readonly log: Log;
  /** Each runs until the signal is given. They end first, because they still need the bus to remember what they did. */
  readonly flows: readonly { run(signal: AbortSignal): Promise<void> }[];
  readonly sweep: () => Promise<number>;
  readonly sweepEveryMs: number;
  /** Last of all, when nobody reads or writes any more. */
  readonly closePools: () => Promise<void>;
}

/**
 * What runs behind the doors for as long as the process lives: the connection to NATS, the projector, the archiver, the looks at our parts, the sweep.
 * None of it keeps the doors from opening; they say 503 until it is there. The projector stops only after the doors have closed, because
 * the last requests wait for it.
 */
export class Backbone {
  private readonly stop = new AbortController();
  private readonly stopFlows = new AbortController();
  private flowing: Promise<unknown> = Promise.resolve();
  private readonly running: Promise<void>[] = [];
  private watches: Watch[] = [];

  constructor(private readonly parts: BackboneParts) {}

  onApplicationBootstrap(): void {
    const { bus, loop, archive, watch, log, flows } = this.parts;
    setMaxListeners(LISTENERS_PER_FLOW * flows.length, this.stopFlows.signal);
    this.flowing = Promise.all(flows.map((flow) => flow.run(this.stopFlows.signal)));
    const { signal } = this.stop;
    this.running.push(
      bus.run(
        signal,
        (connected) => this.listen(connected),
        (trouble) => log.warn('NATS is away', { trouble }),
      ),
      loop.run(signal),
      archive.loop.run(signal),
      watch.run(signal),
      this.sweepNowAndThen(signal),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    let giveUp: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (giveUp = resolve));
    const alarm = this.parts.clock.after(END_LIMIT_MS, () => {
      this.parts.log.warn('what runs behind the doors did not end in time', { limitMs: END_LIMIT_MS });
      giveUp();
    });
    this.stopFlows.abort();
    await Promise.race([this.flowing, late]);
    this.stop.abort();
    await Promise.race([Promise.all(this.running).then(() => this.parts.closePools()), late]);
    alarm.cancel();
  }

  private listen(bus: Bus): void {
    const { vitals, gate, archive } = this.parts;
    for (const old of this.watches) old.stop();
    this.watches = [
      vitals.listenTo(bus.heartbeats),
      bus.signal.subscribe((sequence) => gate.advance(sequence)),
      bus.archiveSignal.subscribe((sequence) => archive.gate.advance(sequence)),
    ];
  }

  private async sweepNowAndThen(signal: AbortSignal): Promise<void> {
    const { clock, log, sweep, sweepEveryMs } = this.parts;
    while (!signal.aborted) {
      await clock.sleep(sweepEveryMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        const swept = await sweep();
        if (swept > 0) log.info('swept blobs that nothing names', { swept });
      } catch (error) {
        log.warn('the sweep of blobs waits for its next turn', { error: String(error) });
      }
    }
  }
}
