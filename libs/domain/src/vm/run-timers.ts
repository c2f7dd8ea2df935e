import { nextAlarm } from '../cluster.js';
import type { RunTimers } from '../commands.js';
import type { NodeId, SaveId, VmId } from '../ids.js';
import { failSave, overdue } from '../image/end-save.js';
import { hasSaveEnded } from '../image/save.js';
import { DISTRIBUTION_LIMIT_MS, MAX_TIMERS_PER_COMMAND } from '../limits.js';
import { giveUp } from '../node/give-up.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { endAttempt } from './end-attempt.js';

/**
 * Fires the timers that are due at the command's time: starts and pulls that took too long, terminated VMs that were visible long
 * enough, nodes that were silent for so long that what they hold is given up, failed starts that are long ago, saves that take too long
 * or ended long ago, expired API keys. Each VM that it touches counts towards the bound.
 */
export function runTimers(turn: Turn, { nodesWait }: RunTimers): Refusal | undefined {
  const { cluster, time } = turn;
  const alreadyFired = turn.resumed ? cluster.cause.events : 0;
  for (;;) {
    const left = MAX_TIMERS_PER_COMMAND - alreadyFired - turn.events.length;
    const alarm = nextAlarm(cluster, nodesWait);
    if (left <= 0 || alarm === undefined || alarm.dueAt > time) return undefined;
    if (alarm.kind === 'vm') fireVm(turn, alarm.id);
    else if (alarm.kind === 'node') fireNode(turn, alarm.id, left);
    else if (alarm.kind === 'strikes') turn.emit({ type: 'NodeStrikesFaded', nodeId: alarm.id });
    else if (alarm.kind === 'save') fireSave(turn, alarm.id);
    else if (alarm.kind === 'apiKey') fireApiKey(turn, alarm.id);
    else turn.emit({ type: 'DistributionAborted', distributionId: alarm.id, error: DISTRIBUTION_OVERDUE });
  }
}

/** What is said of nodes to which a distribution did not come. */
const DISTRIBUTION_OVERDUE = `not pulled within ${DISTRIBUTION_LIMIT_MS / 3_600_000} h`;

/** What is said of a VM whose node fell silent and did not come back within the grace period. */
export const NODE_LOST = 'node fell silent and did not come back in time';

function fireSave(turn: Turn, id: SaveId): void {
  const save = turn.cluster.saves.get(id);
  if (save === undefined) return;
  if (hasSaveEnded(save)) turn.emit({ type: 'ImageSaveForgotten', requestId: id });
  else failSave(turn, save, overdue(turn));
}

function fireApiKey(turn: Turn, id: string): void {
  const key = turn.cluster.apiKeys.get(id);
  if (key !== undefined) turn.emit({ type: 'ApiKeyExpired', store: key.store, keyId: key.keyId });
}

function fireVm(turn: Turn, id: VmId): void {
  turn.cluster.timers.vms.take();
  const vm = turn.cluster.vms.get(id);
  if (vm?.phase.name === 'terminated') return turn.emit({ type: 'VMRemoved', vmId: vm.id });
  if (vm?.phase.name === 'pending') return turn.emit({ type: 'VMDeferralEnded', vmId: vm.id });
  if (vm?.phase.name !== 'assigned') return;
  const { startLimitMs, pullLimitMs } = turn.cluster.policy;
  const what = vm.phase.pulling ? `pulled within ${pullLimitMs / 1000} s` : `started within ${startLimitMs / 1000} s`;
  endAttempt(turn, vm, { message: `not ${what}`, retryable: true });
}

/** The node's alarm ends with its last VM; until then it stays due, and the next command goes on. */
function fireNode(turn: Turn, id: NodeId, limit: number): void {
  const node = turn.cluster.nodes.get(id);
  const before = turn.events.length;
  if (node !== undefined) giveUp(turn, node, NODE_LOST, limit);
  if (turn.events.length === before) turn.cluster.timers.nodes.take();
}
