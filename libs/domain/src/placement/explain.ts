import type { Cluster } from '../cluster.js';
import type { NodeId, VmId } from '../ids.js';
import { type Placement, placementOf, type StartAttempt, type Vm, type VmPhase } from '../vm/vm.js';
import type { Choice } from './choice.js';
import { explainWaiting, type Waits } from './explain-waiting.js';

/** Why a VM is where it is, or why it is nowhere (law 10). */
export interface Explanation {
  readonly vmId: VmId;
  readonly phase: VmPhase['name'];
  /** The whole of it in words. */
  readonly sentence: string;
  /** Present exactly while it is pending. */
  readonly waits?: Waits;
  /** Present exactly while it has a seat. */
  readonly placed?: Placed;
  /** Starts that failed, oldest first. */
  readonly attempts: readonly StartAttempt[];
  /** Why it failed or ended, when there is a reason. */
  readonly message?: string;
}

export interface Placed {
  readonly nodeId: NodeId;
  readonly epoch: number;
  /** Why that node and no other. Absent when the placement did not record it. */
  readonly choice?: Choice;
}

/**
 * Explains the VM as the cluster is now; undefined when there is none of this id. May look at every node and at the whole queue: for
 * when somebody asks, never part of a decision.
 */
export function explain(cluster: Cluster, vmId: string): Explanation | undefined {
  const vm = cluster.vms.get(vmId as VmId);
  if (vm === undefined) return undefined;
  const { phase, attempts } = vm;
  const known = { vmId: vm.id, phase: phase.name, attempts: [...attempts] };
  if (phase.name === 'pending') return { ...known, ...explainWaiting(cluster, vm) };
  const at = placementOf(vm);
  const message = 'message' in phase ? phase.message : undefined;
  return {
    ...known,
    sentence: sentenceOf(vm, at, message),
    ...(at !== undefined && { placed: { ...at, ...(vm.choice && { choice: vm.choice }) } }),
    ...(message !== undefined && { message }),
  };
}

function sentenceOf(vm: Vm, at: Placement | undefined, message: string | undefined): string {
  const because = message === undefined || message === '' ? '' : `: ${message}`;
  switch (vm.phase.name) {
    case 'failed':
      return `Failed${at === undefined ? '' : ` on ${at.nodeId}`}${because}`;
    case 'terminated':
      return `Terminated${because}`;
    case 'terminating':
      return `Is being terminated on ${vm.phase.at.nodeId}`;
    default:
      return `Placed on ${at?.nodeId ?? 'no node'}${comparison(vm.choice)}`;
  }
}

function comparison(choice: Choice | undefined): string {
  if (choice === undefined) return '';
  const { score, runnerUp } = choice;
  if (runnerUp === undefined) return ': no other node could take it';
  return `: it scored ${inWords(score.total)}, the next best, ${runnerUp.nodeId}, ${inWords(runnerUp.score.total)}`;
}

/** Three decimals at most. */
const inWords = (score: number): string => String(Math.round(score * 1000) / 1000);
