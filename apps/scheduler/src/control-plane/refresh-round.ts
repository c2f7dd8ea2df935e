import type { Cluster, NodeId } from '#domain';
import { DESIRED_REFRESH_MS, DESIRED_REFRESH_STEP_MS, DESIRED_REFRESH_VMS } from './limits.js';

const STEPS = DESIRED_REFRESH_MS / DESIRED_REFRESH_STEP_MS;

/** Whose desired state is written again now: every node once in a round, few nodes and few VMs in a step. */
export class RefreshRound {
  private waiting: NodeId[] = [];
  private perStep = 0;
  private steps = 0;

  constructor(private readonly cluster: Cluster) {}

  next(): readonly NodeId[] {
    if (++this.steps >= STEPS && this.waiting.length === 0) this.begin();
    const nodeIds: NodeId[] = [];
    for (let vms = 0; nodeIds.length < this.perStep && vms < DESIRED_REFRESH_VMS;) {
      const nodeId = this.waiting.pop();
      if (nodeId === undefined) break;
      vms += this.cluster.nodes.get(nodeId)?.vms.size ?? 0;
      nodeIds.push(nodeId);
    }
    return nodeIds;
  }

  private begin(): void {
    this.steps = 0;
    this.waiting = [...this.cluster.nodes.keys()].reverse();
    this.perStep = Math.ceil(this.waiting.length / STEPS);
  }
}
