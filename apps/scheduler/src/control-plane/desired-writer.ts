import { type Cluster, type DesiredNode, desiredNode, type NodeId } from '#domain';
import type { DesiredState } from '#events';
import { MAX_PUTS_IN_FLIGHT } from './limits.js';

/**
 * Writes each node's desired state after the log has it. A node that changes while its value is on the way gets the newest value
 * next, so bursts cost one write, and a node is never written out of order.
 */
export class DesiredWriter {
  private readonly dirty = new Set<NodeId>();
  private readonly writing = new Set<NodeId>();

  constructor(
    private readonly cluster: Cluster,
    private readonly desired: DesiredState,
    /** Resolves when all that the cluster holds now is durable. */
    private readonly durable: () => Promise<void>,
    private readonly onFault: (cause: unknown) => void,
  ) {}

  /** Takes over what changed since the last call and starts writing it. */
  collect(): void {
    const { touched } = this.cluster;
    if (touched.size === 0) return;
    for (const nodeId of touched) this.dirty.add(nodeId);
    touched.clear();
    this.pump();
  }

  /** Every node of the cluster: a new leader does not know what its predecessor managed to write. */
  collectAll(): void {
    for (const nodeId of this.cluster.nodes.keys()) this.cluster.touched.add(nodeId);
    this.collect();
  }

  private pump(): void {
    for (const nodeId of this.dirty) {
      if (this.writing.size >= MAX_PUTS_IN_FLIGHT) return;
      if (this.writing.has(nodeId)) continue;
      this.dirty.delete(nodeId);
      this.writing.add(nodeId);
      void this.write(nodeId, desiredNode(this.cluster, nodeId));
    }
  }

  private async write(nodeId: NodeId, value: DesiredNode): Promise<void> {
    try {
      await this.durable();
      await this.desired.put(nodeId, value);
    } catch (cause) {
      this.onFault(cause);
      return;
    } finally {
      this.writing.delete(nodeId);
    }
    this.pump();
  }
}
