import type { RecordedEvent } from '#domain';
import { START_OF_TIME } from '../plan.js';
import { Counts } from './steps.js';
import { jain, quantiles, type Waits, waitsOf } from './waits.js';
import { meanOf } from './steps.js';

interface Followed {
  readonly acceptedAt: number;
  readonly templateId: string;
  readonly priority: number;
  isScheduled: boolean;
  isPulling: boolean;
  /** Has started, or failed for good: ending it is tidiness and no loss of interest. */
  isSettled: boolean;
}

const USUAL_PRIORITY = 1000;
const QUANTILE_POINTS = 200;

/** Follows each VM from acceptance to its end, and keeps how long people waited. */
export class VmWatch {
  readonly tally = { accepted: 0, started: 0, pullsAvoided: 0, retries: 0, failed: 0, lost: 0, cancelled: 0 };
  private readonly followed = new Map<string, Followed>();
  private readonly waits: number[] = [];
  private readonly queued: number[] = [];
  private readonly byClass = new Map<string, number[]>();
  private readonly byTemplate = new Map<string, number[]>();
  private readonly starts: Counts;

  constructor(partMs: number) {
    this.starts = new Counts(START_OF_TIME, partMs);
  }

  read({ event, time }: RecordedEvent): void {
    if (event.type === 'StartVM') {
      this.tally.accepted++;
      const { templateId, priority = USUAL_PRIORITY } = event.request;
      const fresh = { isScheduled: false, isPulling: false, isSettled: false };
      this.followed.set(event.vmId, { acceptedAt: time, templateId, priority, ...fresh });
      return;
    }
    const vm = 'vmId' in event ? this.followed.get(event.vmId) : undefined;
    if (vm !== undefined && 'vmId' in event) this.follow(vm, event.type, event.vmId, time);
  }

  close(parts: number): {
    wait: Waits;
    queued: Waits;
    waitByClass: Record<string, Waits>;
    fairness: { byClass: number; byTemplate: number };
    starts: readonly number[];
    waitQuantiles: number[];
  } {
    const classes = [...this.byClass].sort(([a], [b]) => Number(a) - Number(b));
    const means = (groups: ReadonlyMap<string, number[]>): number[] => [...groups.values()].map(meanOf);
    return {
      wait: waitsOf(this.waits),
      queued: waitsOf(this.queued),
      waitByClass: Object.fromEntries(classes.map(([name, waits]) => [name, waitsOf(waits)])),
      fairness: { byClass: jain(means(this.byClass)), byTemplate: jain(means(this.byTemplate)) },
      starts: this.starts.close(parts),
      waitQuantiles: quantiles(this.waits, QUANTILE_POINTS),
    };
  }

  private follow(vm: Followed, type: RecordedEvent['event']['type'], vmId: string, time: number): void {
    const { tally } = this;
    switch (type) {
      case 'VMScheduled':
        if (!vm.isScheduled) this.queued.push(time - vm.acceptedAt);
        vm.isScheduled = true;
        vm.isPulling = false;
        return;
      case 'VMPulling':
        vm.isPulling = true;
        return;
      case 'VMStarted':
        return this.started(vm, time);
      case 'VMStartAttemptFailed':
        tally.retries++;
        return;
      case 'VMFailedToStart':
        tally.failed++;
        vm.isSettled = true;
        return;
      case 'VMLost':
        tally.lost++;
        return;
      case 'TerminateVM':
        if (!vm.isSettled) tally.cancelled++;
        return;
      case 'VMRemoved':
        this.followed.delete(vmId);
        return;
      default:
        return;
    }
  }

  private started(vm: Followed, time: number): void {
    const waitMs = time - vm.acceptedAt;
    vm.isSettled = true;
    this.tally.started++;
    if (!vm.isPulling) this.tally.pullsAvoided++;
    this.waits.push(waitMs);
    this.starts.add(time);
    put(this.byClass, String(vm.priority), waitMs);
    put(this.byTemplate, vm.templateId, waitMs);
  }
}

function put(groups: Map<string, number[]>, name: string, waitMs: number): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [waitMs]);
  else group.push(waitMs);
}
