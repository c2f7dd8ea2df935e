import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { endAttempt } from './end-attempt.js';
import { isSeatedAt, type Vm } from './vm.js';
import type { VmReport } from './vm-commands.js';

/**
 * Turns what a node says about a VM into facts. A report is never refused: one that is stale (another epoch, another node, a VM long
 * gone) or repeats what is known simply changes nothing, because the node can do nothing about it.
 */
export function judgeReport(turn: Turn, report: VmReport): Refusal | undefined {
  const vm = turn.cluster.vms.get(report.vmId as Vm['id']);
  if (vm === undefined || !isSeatedAt(vm, report.nodeId, report.epoch)) return undefined;
  const at = { vmId: vm.id, nodeId: report.nodeId as never };
  const { phase } = vm;
  switch (report.type) {
    case 'ReportVMPulling':
      if (phase.name === 'assigned' && !phase.pulling) turn.emit({ type: 'VMPulling', ...at });
      return undefined;
    case 'ReportVMPulled':
      if (phase.name === 'assigned' && phase.pulling) turn.emit({ type: 'VMPulled', ...at });
      return undefined;
    case 'ReportVMStarted':
      if (phase.name !== 'assigned') return undefined;
      turn.emit({
        type: 'VMStarted',
        ...at,
        instance: report.instance,
        ...(report.script && { script: report.script }),
      });
      return undefined;
    case 'ReportVMStartFailed':
      endAttempt(turn, vm, report);
      return undefined;
    case 'ReportVMRestarted':
      // A restart of a VM that had been found stopped brings it back; one that was overtaken by a newer wish is still news.
      if (
        (phase.name === 'running' || phase.name === 'stopped' || phase.name === 'pushing') &&
        isNewer(phase.instance.startedAt, report.instance.startedAt)
      ) {
        turn.emit({ type: 'VMRestarted', ...at, instance: report.instance, restarts: report.restarts });
      }
      return undefined;
    case 'ReportVMStopped':
      if (phase.name === 'running') judgeStop(turn, { vm, startedAt: phase.instance.startedAt }, report);
      return undefined;
    case 'ReportVMLost':
      if (phase.name === 'running' || phase.name === 'stopped' || phase.name === 'pushing')
        turn.emit({ type: 'VMLost', ...at, message: report.message });
      // What went wrong first says more than that its remains are gone.
      if (phase.name === 'failed') turn.emit({ type: 'VMLost', ...at, message: phase.message });
      return undefined;
    case 'ReportVMTerminated':
      if (phase.name === 'terminating') turn.emit({ type: 'VMTerminated', ...at });
      return undefined;
  }
}

/** `startedAt` is when the guest that is known was booted, unix ms. */
function judgeStop(
  turn: Turn,
  { vm, startedAt }: { vm: Vm; startedAt: number },
  { nodeId, instance }: Extract<VmReport, { type: 'ReportVMStopped' }>,
): void {
  const at = { vmId: vm.id, nodeId: nodeId as never };
  if (vm.restarts > vm.restartsDone && isNewer(startedAt, instance.startedAt)) {
    // What stopped was booted since: the news of its restart was lost with an agent that died, and will not come again.
    const { stoppedAt: _, ...booted } = instance;
    const restarts = vm.restartsDone + 1;
    turn.emit({ type: 'VMRestarted', ...at, instance: { ...booted, status: 'running' }, restarts });
  }
  turn.emit({ type: 'VMStopped', ...at, instance });
}

const isNewer = (known: number, reported: number): boolean => reported > known;
