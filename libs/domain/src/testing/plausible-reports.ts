import type { Cluster } from '../cluster.js';
import type { Command } from '../commands.js';
import { placementOf, type Vm } from '../vm/vm.js';
import type { Dice } from './dice.js';
import { instance, scriptResult } from './samples.js';

type Maker = (at: { nodeId: string; vmId: string; epoch: number }, dice: Dice) => Command;

const pulling: Maker = (at) => ({ type: 'ReportVMPulling', ...at });
const pulled: Maker = (at) => ({ type: 'ReportVMPulled', ...at });
const lost: Maker = (at) => ({ type: 'ReportVMLost', ...at, message: 'not on the host' });
const terminated: Maker = (at) => ({ type: 'ReportVMTerminated', ...at });
const started: Maker = (at, dice) => ({
  type: 'ReportVMStarted',
  ...at,
  instance: instance({ uuid: `uuid-${at.vmId}` }),
  ...(dice.onceIn(4) && { script: scriptResult() }),
});
const stopped: Maker = (at) => ({
  type: 'ReportVMStopped',
  ...at,
  instance: instance({ status: 'stopped', stoppedAt: 5_000 }),
});
const restarted: Maker = (at, dice) => ({
  type: 'ReportVMRestarted',
  ...at,
  instance: instance({ startedAt: 2_000 + dice.below(4) }),
  restarts: 1,
});
const failed: Maker = (at, dice) => ({
  type: 'ReportVMStartFailed',
  ...at,
  message: 'no luck',
  retryable: !dice.onceIn(3),
  ...(dice.onceIn(4) && { instance: instance({ status: dice.onceIn(2) ? 'running' : 'stopped' }) }),
  ...(dice.onceIn(4) && { script: scriptResult({ returnCode: 1 }) }),
});

const ALL: readonly Maker[] = [started, pulling, pulled, failed, terminated, stopped, restarted, lost];
/** What a node says of a VM in that phase, if nothing is out of order. */
const FITTING: Readonly<Record<string, readonly Maker[]>> = {
  assigned: [started, started, pulling, failed],
  pulling: [pulled, started, failed],
  running: [stopped, restarted, lost],
  stopped: [restarted, lost],
  pushing: [stopped, restarted, lost],
  failed: [lost],
  terminating: [terminated],
};

/** What a node may say next: fitting in most cases, else out of order, of another epoch or of another node; or of its cache. */
export function plausibleReport(dice: Dice, cluster: Cluster): Command {
  const seated = [...cluster.vms.values()].filter((vm) => placementOf(vm) !== undefined);
  const vm: Vm | undefined = dice.pick(seated.length > 0 ? seated : [...cluster.vms.values()]);
  if (vm === undefined || dice.onceIn(20)) return dice.onceIn(3) ? strangersFound(dice) : templatePulled(dice);
  const seat = placementOf(vm);
  const lie = dice.below(12);
  const at = {
    vmId: vm.id,
    nodeId: lie === 11 ? 'n1' : (seat?.nodeId ?? 'n1'),
    epoch: (seat?.epoch ?? vm.acceptedSequence) - (lie === 10 ? 1 : 0) + (lie === 9 ? 1 : 0),
  };
  const phase = vm.phase.name === 'assigned' && vm.phase.pulling ? 'pulling' : vm.phase.name;
  const makers = lie === 8 ? ALL : (FITTING[phase] ?? ALL);
  return (dice.pick(makers) ?? started)(at, dice);
}

function strangersFound(dice: Dice): Command {
  return { type: 'ReportUnknownVMs', nodeId: dice.pick(['n1', 'n2', 'n3', 'n4']) ?? '', vms: dice.below(3) };
}

function templatePulled(dice: Dice): Command {
  return {
    type: 'ReportTemplatePulled',
    nodeId: dice.pick(['n1', 'n2', 'n3', 'n4']) ?? '',
    templateId: dice.pick(['t-amd', 't-arm', 't-big']) ?? '',
    tag: dice.pick(['v1', 'v2']) ?? '',
  };
}
