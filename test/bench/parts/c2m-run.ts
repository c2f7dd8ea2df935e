import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { auditLog, type Audit } from './c2m-audit.js';
import type { C2mClient } from './c2m-client.js';
import type { FleetSize } from './c2m-size.js';
import { C2mWorld } from './c2m-world.js';
import { CpuMeter, peakResidentMb } from './cpu.js';

/** HashiCorp's time: no run may take longer. */
const RUN_LIMIT_MS = (22 * 60 + 14) * 1000;
/** The run is measured in so many parts of equally many VMs. */
const WINDOWS = 10;
const LOOK_MS = 100;

/** What one part of the VMs cost. */
export interface Window {
  readonly vms: number;
  readonly seconds: number;
  /** ms by process. */
  readonly cpu: ReadonlyMap<string, number>;
}

export interface Run {
  readonly size: FleetSize;
  /** From the first StartVM to the last VMStarted in the log. */
  readonly seconds: number;
  readonly windows: readonly Window[];
  /** By process. */
  readonly peakMb: ReadonlyMap<string, number>;
  readonly storedMb: number;
  readonly audit: Audit;
}

/** Brings up as many VMs as asked for, in a world of their own, and reads the log afterwards. */
export function runC2m(size: FleetSize): Promise<Run> {
  return C2mWorld.with(size, async ({ pids, storeDir, template }, client, link) => {
    const windows = new WindowMeter(pids, size.vms);
    const beganAt = Date.now();
    const looking = setInterval(() => windows.look(client), LOOK_MS);
    try {
      await client.start(size.vms, template.templateId, RUN_LIMIT_MS);
    } finally {
      clearInterval(looking);
    }
    windows.look(client);
    const peakMb = new Map(Object.entries(pids).map(([name, pid]) => [name, peakResidentMb(pid)]));
    const storedMb = sizeOf(storeDir) / 1e6;
    const audit = await auditLog(link, size);
    return { size, seconds: (audit.lastStartedAt - beganAt) / 1000, windows: windows.done, peakMb, storedMb, audit };
  });
}

/** Closes a window each time that another part of the VMs has started. */
class WindowMeter {
  readonly done: Window[] = [];
  private cpu: CpuMeter;
  private beganAt = performance.now();
  private started = 0;

  constructor(
    private readonly pids: Readonly<Record<string, number>>,
    private readonly vms: number,
  ) {
    this.cpu = new CpuMeter(pids);
  }

  look({ started }: C2mClient): void {
    const due = (this.vms * (this.done.length + 1)) / WINDOWS;
    if (started < due) return;
    const now = performance.now();
    const window = { vms: started - this.started, seconds: (now - this.beganAt) / 1000, cpu: this.cpu.read() };
    this.done.push(window);
    const cpu = [...window.cpu].map(([name, ms]) => `${name} ${((ms * 1000) / window.vms).toFixed(0)}`).join(', ');
    console.log(
      `  ${started} started, the last ${window.vms} in ${window.seconds.toFixed(1)} s; µs of CPU each: ${cpu}`,
    );
    this.cpu = new CpuMeter(this.pids);
    this.beganAt = now;
    this.started = started;
  }
}

function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
