import { type Cluster, type Command, judgeSilence, type NodeId } from '#domain';
import type { Clock } from '#events';

/**
 * Listens for heartbeats, which are not in the log, and turns silence and its end into commands, which are (law 7). A new leader
 * gives every node the full time again, because it has not been listening. For the same reason it fires no alarm of a silent node
 * before it has listened that long itself: the node may have come back while nobody heard it.
 */
export class NodeWatch {
  private readonly lastBeatAt = new Map<string, number>();
  private readonly asked = new Set<string>();
  private since: number;

  constructor(private readonly clock: Clock) {
    this.since = clock.now();
  }

  beat(nodeId: string): void {
    this.lastBeatAt.set(nodeId, this.clock.now());
  }

  /** From now on silence counts. */
  startOver(): void {
    this.since = this.clock.now();
    this.asked.clear();
  }

  hasListenedFor(ms: number): boolean {
    return this.clock.now() - this.since >= ms;
  }

  /** What to tell the control plane; each change once, until the cluster shows it. */
  judge(cluster: Cluster): Command[] {
    const commands: Command[] = [];
    for (const node of cluster.nodes.values()) {
      const lastBeatAt = Math.max(this.since, this.lastBeatAt.get(node.id) ?? 0);
      const silence = judgeSilence(lastBeatAt, this.clock.now(), cluster.policy.nodeSilentMs);
      const heardAgain = (this.lastBeatAt.get(node.id) ?? 0) > this.since && silence === 'fresh';
      if (node.online && silence === 'silent') commands.push({ type: 'MarkNodeSilent', nodeId: node.id, lastBeatAt });
      else if (!node.online && heardAgain) commands.push({ type: 'MarkNodeHeard', nodeId: node.id });
      else this.asked.delete(node.id);
    }
    this.forgetGone(cluster);
    return commands.filter((command) => this.notAskedYet(command));
  }

  private notAskedYet(command: Command): boolean {
    const { nodeId } = command as { nodeId: string };
    if (this.asked.has(nodeId)) return false;
    this.asked.add(nodeId);
    return true;
  }

  private forgetGone(cluster: Cluster): void {
    for (const nodeId of this.lastBeatAt.keys()) {
      if (!cluster.nodes.has(nodeId as NodeId)) this.lastBeatAt.delete(nodeId);
    }
  }
}
