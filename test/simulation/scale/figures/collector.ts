import type { Cluster } from '#domain';
import type { Decided } from '../control.js';
import { type Script, START_OF_TIME } from '../plan.js';
import type { Course, Figures } from './figures.js';
import { LoadWatch } from './load-watch.js';
import { Counts, maxOf, meanOf, Steps } from './steps.js';
import { VmWatch } from './vm-watch.js';

/** Parts of the scripted time in the pictures. */
const PARTS = 240;

export type Seen = Omit<
  Figures,
  'placement' | 'commands' | 'events' | 'digest' | 'laws' | 'breaches' | 'broken' | 'wall' | 'waitingAtEnd'
>;

/** Looks on while a world lives, and has the figures when it is over. */
export class Collector {
  private readonly partMs: number;
  private readonly loads: LoadWatch;
  private readonly vms: VmWatch;
  private readonly queue: Steps;
  private readonly pulls: Counts;
  private readonly bytes = new Map<string, number>();
  private pulled = { count: 0, bytes: 0 };
  private refused = 0;
  private lastTime = START_OF_TIME;

  constructor(script: Script) {
    this.partMs = Math.ceil(script.lengthMs / PARTS);
    this.loads = new LoadWatch(script, this.partMs);
    this.vms = new VmWatch(this.partMs);
    this.queue = new Steps(START_OF_TIME, this.partMs);
    this.pulls = new Counts(START_OF_TIME, this.partMs);
  }

  look({ command, outcome, events, changed }: Decided, cluster: Cluster): void {
    this.lastTime = Math.max(this.lastTime, command.time);
    if (outcome.kind === 'refused') this.refused++;
    for (const recorded of events) {
      const { event, time } = recorded;
      this.vms.read(recorded);
      if (event.type === 'PushTemplate')
        this.bytes.set(`${event.templateId} ${event.version.tag}`, event.version.image.disk.sizeBytes);
      if (event.type !== 'TemplatePulled') continue;
      this.pulls.add(time);
      this.pulled.count++;
      this.pulled.bytes += this.bytes.get(`${event.templateId} ${event.tag}`) ?? 0;
    }
    for (const nodeId of changed) this.loads.look(cluster, nodeId, command.time);
    if (cluster.pending.size !== this.queue.now) this.queue.set(cluster.pending.size, command.time);
  }

  close(): Seen {
    const { means, peaks } = this.queue.close(PARTS);
    const load = this.loads.close(PARTS);
    const { starts, waitQuantiles, ...vms } = this.vms.close(PARTS);
    const course: Course = {
      partMs: this.partMs,
      utilisation: load.course,
      queueMean: means,
      queuePeak: peaks,
      pulls: this.pulls.close(PARTS),
      starts,
      waitQuantiles,
      heat: load.heat,
      nodesPerRow: load.nodesPerRow,
    };
    return {
      ...this.vms.tally,
      ...vms,
      utilisation: { mean: load.mean, peak: load.peak },
      queue: { mean: meanOf(means), peak: maxOf(peaks) },
      pulls: this.pulled.count,
      pulledBytes: this.pulled.bytes,
      refused: this.refused,
      livedMs: this.lastTime - START_OF_TIME,
      course,
    };
  }
}
