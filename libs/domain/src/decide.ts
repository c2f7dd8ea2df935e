import type { Cluster, RememberedOutcome } from './cluster.js';
import type { Command, RecordedCommand } from './commands.js';
import type { RecordedEvent } from './events.js';
import { changeMembership } from './group/change-membership.js';
import { createGroup } from './group/create-group.js';
import { deleteGroup } from './group/delete-group.js';
import { updateGroup } from './group/update-group.js';
import { configNode } from './node/config-node.js';
import { deleteNode, unregisterNode } from './node/delete-node.js';
import { markNodeHeard, markNodeSilent } from './node/node-silence.js';
import { registerNode } from './node/register-node.js';
import { reportTemplatePulled } from './node/report-template-pulled.js';
import { reportUnknownVms } from './node/report-unknown-vms.js';
import { place } from './placement/place.js';
import type { Refusal } from './refusal.js';
import { setPolicy } from './set-policy.js';
import { deleteRegistryVm } from './template/delete-registry-vm.js';
import { pushTemplate } from './template/push-template.js';
import { Turn } from './turn.js';
import { judgeReport } from './vm/judge-report.js';
import { restartVm } from './vm/restart-vm.js';
import { runTimers } from './vm/run-timers.js';
import { startVm } from './vm/start-vm.js';
import { terminateVm } from './vm/terminate-vm.js';
import { updateVm } from './vm/update-vm.js';

/** What the caller hears: yes, with the sequence of the last event that answers it, or no, with the reason. */
export type Outcome =
  { readonly kind: 'accepted'; readonly sequence: number } | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Decision {
  readonly outcome: Outcome;
  readonly events: readonly RecordedEvent[];
}

/**
 * Decides one command: the whole control plane is this function. The returned events are folded into `cluster` already. Reads no
 * clock and no chance: the same cluster and command always give the same decision.
 *
 * Prefix law: deciding again on a cluster that holds a prefix of the command's events yields exactly the rest of them.
 */
export function decide(cluster: Cluster, recorded: RecordedCommand): Decision {
  const known = cluster.outcomes.get(recorded.cause.id);
  if (known !== undefined && isSettled(cluster, known, recorded)) return repeated(known);
  const turn = new Turn(cluster, recorded);
  const refusal = dispatch(turn, recorded.command);
  if (refusal !== undefined) return { outcome: { kind: 'refused', refusal }, events: [] };
  place(turn);
  return { outcome: { kind: 'accepted', sequence: cluster.sequence }, events: turn.events };
}

/** Records that the command broke the decider, instead of deciding it (law 9). */
export function recordFailure(
  cluster: Cluster,
  recorded: RecordedCommand,
  commandType: string,
  message: string,
): Decision {
  const known = cluster.outcomes.get(recorded.cause.id);
  if (known !== undefined && isSettled(cluster, known, recorded)) return repeated(known);
  const turn = new Turn(cluster, recorded);
  turn.emit({ type: 'CommandFailed', commandType, message });
  return { outcome: { kind: 'refused', refusal: { code: 'COMMAND_FAILED', message } }, events: turn.events };
}

/**
 * Whether nothing of the command is left to decide: it was sent again under another sequence, or failed, or other commands came after
 * it. Only the very last command may have been cut short by a crash.
 */
function isSettled(cluster: Cluster, known: RememberedOutcome, { cause }: RecordedCommand): boolean {
  if (known.failed !== undefined || known.commandSequence !== cause.sequence) return true;
  return cluster.cause.sequence !== cause.sequence;
}

/** The command gets its first outcome, and nothing happens twice. */
function repeated(known: RememberedOutcome): Decision {
  const outcome: Outcome =
    known.failed === undefined
      ? { kind: 'accepted', sequence: known.lastSequence }
      : { kind: 'refused', refusal: { code: 'COMMAND_FAILED', message: known.failed } };
  return { outcome, events: [] };
}

function dispatch(turn: Turn, command: Command): Refusal | undefined {
  switch (command.type) {
    case 'StartVM':
      return startVm(turn, command);
    case 'UpdateVM':
      return updateVm(turn, command);
    case 'RestartVM':
      return restartVm(turn, command);
    case 'TerminateVM':
      return terminateVm(turn, command);
    case 'ConfigNode':
      return configNode(turn, command);
    case 'DeleteNode':
      return deleteNode(turn, command);
    case 'CreateGroup':
      return createGroup(turn, command);
    case 'UpdateGroup':
      return updateGroup(turn, command);
    case 'DeleteGroup':
      return deleteGroup(turn, command);
    case 'AddNodesToGroups':
    case 'RemoveNodesFromGroups':
      return changeMembership(turn, command);
    case 'PushTemplate':
      return pushTemplate(turn, command);
    case 'DeleteRegistryVm':
      return deleteRegistryVm(turn, command);
    case 'RegisterNode':
      return registerNode(turn, command);
    case 'UnregisterNode':
      return unregisterNode(turn, command);
    case 'MarkNodeSilent':
      return markNodeSilent(turn, command);
    case 'MarkNodeHeard':
      return markNodeHeard(turn, command);
    case 'ReportTemplatePulled':
      return reportTemplatePulled(turn, command);
    case 'ReportUnknownVMs':
      return reportUnknownVms(turn, command);
    case 'RunTimers':
      return runTimers(turn, command);
    case 'SetPolicy':
      return setPolicy(turn, command);
    default:
      return judgeReport(turn, command);
  }
}
