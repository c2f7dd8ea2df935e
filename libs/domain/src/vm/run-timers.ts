import { nextDueAt } from '../cluster.js';
import type { Refusal } from '../refusal.js';
import { MAX_TIMERS_PER_COMMAND } from '../limits.js';
import type { Turn } from '../turn.js';
import { endAttempt } from './end-attempt.js';
import type { Vm } from './vm.js';

/** Fires the timers that are due at the command's time: starts that took too long, terminated VMs that were visible long enough. */
export function runTimers(turn: Turn): Refusal | undefined {
  const { cluster, time } = turn;
  const alreadyFired = turn.resumed ? cluster.cause.events : 0;
  for (let fired = alreadyFired; fired < MAX_TIMERS_PER_COMMAND; fired++) {
    const dueAt = nextDueAt(cluster);
    if (dueAt === undefined || dueAt > time) return undefined;
    const timer = cluster.timers.take();
    const vm = timer && cluster.vms.get(timer.vmId as Vm['id']);
    if (vm !== undefined) fire(turn, vm);
  }
  return undefined;
}

function fire(turn: Turn, vm: Vm): void {
  if (vm.phase.name === 'terminated') return turn.emit({ type: 'VMRemoved', vmId: vm.id });
  const limitSeconds = turn.cluster.policy.startLimitMs / 1000;
  endAttempt(turn, vm, { message: `not started within ${limitSeconds} s`, retryable: true });
}
