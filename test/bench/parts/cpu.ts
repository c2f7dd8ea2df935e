import { readdirSync, readFileSync } from 'node:fs';

/** Unit of the times in /proc/<pid>/stat: fixed by the kernel's interface. */
const TICKS_PER_SECOND = 100;

/** User and system time of a process and of its children that have ended, ms. */
function cpuMsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return (ticks * 1000) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => parentOf(other) === pid);
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** CPU time of named processes, with their living children, since this was made; of this process itself without them. */
export class CpuMeter {
  private readonly begin = new Map<string, number>();

  constructor(private readonly pids: Readonly<Record<string, number>>) {
    for (const [name, pid] of Object.entries(pids)) this.begin.set(name, treeMsOf(pid));
  }

  /** ms by name. */
  read(): Map<string, number> {
    const spent = Object.entries(this.pids).map(
      ([name, pid]) => [name, treeMsOf(pid) - (this.begin.get(name) ?? 0)] as const,
    );
    return new Map(spent);
  }
}

function treeMsOf(pid: number): number {
  // What this process started is counted under its own name.
  const children = pid === process.pid ? [] : childrenOf(pid);
  return [pid, ...children].reduce((sum, one) => sum + cpuMsOf(one), 0);
}

/** Resident memory of a process, MB (10⁶ bytes); of the whole tree when `withChildren`. */
export function residentMb(pid: number, withChildren = false): number {
  const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  const others = withChildren ? childrenOf(pid).reduce((sum, child) => sum + residentMb(child), 0) : 0;
  return (own * 1024) / 1e6 + others;
}

/** The most that a living process has ever had resident, MB (10⁶ bytes). */
export function peakResidentMb(pid: number): number {
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  return (peak * 1024) / 1e6;
}
