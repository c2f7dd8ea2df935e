import type { Clock } from '../clock.js';
import { DriverError } from '../driver.js';
import type { GuestAgents } from './guest-agents.js';
import { KILL_DEADLINE_MS, QUIT_DEADLINE_MS } from './limits.js';
import { Monitor } from './monitor.js';
import { isAlive, killProcess } from './process.driver.js';
import type { ProcessIdentity } from './vm-record.js';

const POLL_MS = 50;

export interface RunningQemu {
  process: ProcessIdentity;
  workDir: string;
  clock: Clock;
  agents: GuestAgents;
}

/**
 * Ends a VM's process: the power button, after half of `graceMs` the guest's agent, at its end QEMU's `quit`, at last a kill. 0 begins
 * with `quit`. Throws `TOOL_FAILED` when the process outlives even that.
 */
export async function shutDown(vm: RunningQemu, graceMs: number): Promise<void> {
  if (graceMs > 0 && (await endsGracefully(vm, graceMs))) return;
  await withMonitor(vm, (monitor) => monitor.quit());
  if (await endsWithin(vm, QUIT_DEADLINE_MS)) return;
  await killAndWait(vm.process, vm.clock);
}

/** Resolves when the process is no more. Throws `TOOL_FAILED` when it outlives even SIGKILL. */
export async function killAndWait(process: ProcessIdentity, clock: Clock): Promise<void> {
  killProcess(process);
  if (await endsWithin({ process, clock }, KILL_DEADLINE_MS)) return;
  throw new DriverError('TOOL_FAILED', `QEMU with pid ${process.pid} does not die of SIGKILL.`, true);
}

async function endsGracefully(vm: RunningQemu, graceMs: number): Promise<boolean> {
  const half = Math.ceil(graceMs / 2);
  await withMonitor(vm, (monitor) => monitor.pressPowerButton());
  if (await endsWithin(vm, half)) return true;
  await vm.agents.use(vm.workDir, (agent) => agent.sync().then(() => agent.askForShutdown())).catch(() => undefined);
  return endsWithin(vm, graceMs - half);
}

/** The monitor may be gone or deaf; the next rung of the ladder needs no answer of this one. */
async function withMonitor(vm: RunningQemu, task: (monitor: Monitor) => Promise<void>): Promise<void> {
  if (!isAlive(vm.process)) return;
  try {
    const monitor = await Monitor.open(vm.workDir, vm.clock);
    await task(monitor).finally(() => monitor.close());
  } catch {
    return;
  }
}

async function endsWithin(vm: Pick<RunningQemu, 'process' | 'clock'>, ms: number): Promise<boolean> {
  const end = vm.clock.now() + ms;
  while (isAlive(vm.process)) {
    if (vm.clock.now() >= end) return false;
    await vm.clock.sleep(POLL_MS);
  }
  return true;
}
