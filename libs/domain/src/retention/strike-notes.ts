import type { NodeId, VmId } from '../ids.js';

interface Note {
  /** VMs whose starts failed here before the last success. */
  readonly before: Set<VmId>;
  success: VmId | undefined;
  /** VMs whose starts failed here since. */
  readonly since: Set<VmId>;
}

/**
 * Whose starts speak for or against a node. A VM that is gone may be the one whose success forgave the failures of one that is not, and
 * whoever folds the one without the other would think worse of the node.
 */
export class StrikeNotes {
  private readonly nodes = new Map<NodeId, Note>();

  failed(nodeId: NodeId, vmId: VmId): void {
    const note = this.nodes.get(nodeId) ?? { before: new Set(), success: undefined, since: new Set() };
    note.since.add(vmId);
    this.nodes.set(nodeId, note);
  }

  succeeded(nodeId: NodeId, vmId: VmId): void {
    const note = this.nodes.get(nodeId);
    if (note === undefined) return;
    note.success = vmId;
    for (const id of note.since) note.before.add(id);
    note.since.clear();
  }

  /** The node itself made an end of it: it joined anew, was configured, or time has passed. */
  forgiven(nodeId: NodeId): void {
    this.nodes.delete(nodeId);
  }

  /** Adds to `kept` those whose words count, given those that are kept. */
  complete(kept: Set<VmId>): void {
    for (let size = -1; size !== kept.size;) {
      size = kept.size;
      for (const { before, success, since } of this.nodes.values()) {
        for (const id of since) kept.add(id);
        if (success !== undefined && !kept.has(success) && hasAny(kept, before)) kept.add(success);
      }
    }
  }
}

const hasAny = (all: ReadonlySet<VmId>, some: ReadonlySet<VmId>): boolean => [...some].some((id) => all.has(id));
