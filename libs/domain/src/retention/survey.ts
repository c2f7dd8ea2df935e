import { apiKeyId, permissionGroupId } from '../access/access.js';
import { type Cluster, emptyCluster } from '../cluster.js';
import type { DomainEvent, RecordedEvent } from '../events.js';
import { evolve } from '../evolve.js';
import type { NodeId, SaveId, VmId } from '../ids.js';
import { isImageEvent } from '../image/evolve-image.js';
import { placementOf } from '../vm/vm.js';
import { StrikeNotes } from './strike-notes.js';

/**
 * Reads a beginning of the log and then says which of its events are still needed: whoever folds those, and then the rest of the log,
 * has the same cluster and the same rows as whoever folds all, but for remembered outcomes (ADR 0025). The rest must begin with the
 * first event of a command.
 *
 * What is told of things that are gone is not needed, unless it left something behind in what is not. Nodes, templates, the MAC pool and
 * policies keep all of their events: they are few.
 */
export class Survey {
  readonly cluster: Cluster = emptyCluster();
  private readonly strikes = new StrikeNotes();
  /** VMs that were on a node, or waited for it, when it was deleted: the node, and its number, stayed as long as they did. */
  private readonly stayed = new Set<VmId>();
  private readonly savedVms = new Map<SaveId, VmId>();
  private kept: ReadonlySet<VmId> | undefined;

  /** Folds one more. Events must come in the order of the log. */
  read(recorded: RecordedEvent): void {
    this.kept = undefined;
    this.note(recorded.event);
    evolve(this.cluster, recorded);
  }

  /** Whether the event, one of those that were read, is needed given all that were read. */
  needs({ event }: RecordedEvent): boolean {
    const { vms, groups, distributions, apiKeys, permissionGroups, webhooks } = this.cluster;
    if (event.type === 'CommandRefused' || event.type === 'CommandFailed') return false;
    if (isImageEvent(event)) return this.needsSave(event.requestId);
    if (isVmEvent(event)) return vms.has(event.vmId) || this.keptVms().has(event.vmId);
    if ('distributionId' in event) return LASTING.has(event.type) || distributions.has(event.distributionId);
    if ('groupId' in event) return groups.has(event.groupId);
    if ('webhookId' in event) return webhooks.has(event.webhookId);
    if ('keyId' in event) return apiKeys.has(apiKeyId(event.store, event.keyId));
    if ('grantee' in event) return permissionGroups.has(permissionGroupId(event.store, event.grantee));
    return true;
  }

  private note(event: DomainEvent): void {
    if (isForgiving(event)) this.strikes.forgiven(event.nodeId);
    if (event.type === 'DeleteNode' || event.type === 'NodeUnregistered') this.noteEnd(event.nodeId);
    else if (event.type === 'SaveImage') this.savedVms.set(event.requestId, event.vmId);
    else if (isStart(event)) this.noteStart(event);
  }

  private noteEnd(nodeId: NodeId): void {
    const { vms, nodes, pending } = this.cluster;
    for (const id of nodes.get(nodeId)?.vms ?? []) this.stayed.add(id);
    for (const id of pending) {
      const phase = vms.get(id)?.phase;
      if (phase?.name === 'pending' && phase.deferred?.nodeId === nodeId) this.stayed.add(id);
    }
  }

  private noteStart({ type, vmId }: StartEvent): void {
    const vm = this.cluster.vms.get(vmId);
    const nodeId = vm && placementOf(vm)?.nodeId;
    if (nodeId === undefined) return;
    if (type === 'VMStarted') this.strikes.succeeded(nodeId, vmId);
    else this.strikes.failed(nodeId, vmId);
  }

  /** A save may have waited for one that is gone; and it made its request that of its VM. */
  private needsSave(id: SaveId): boolean {
    const { saves, saving, vms } = this.cluster;
    const vmId = this.savedVms.get(id);
    return saves.has(id) || saving.size > 0 || (vmId !== undefined && vms.has(vmId));
  }

  private keptVms(): ReadonlySet<VmId> {
    if (this.kept !== undefined) return this.kept;
    const kept = new Set([...this.cluster.vms.keys(), ...this.stayed]);
    for (const { phase } of this.cluster.vms.values())
      if (phase.name === 'pending' && phase.preempts !== undefined) kept.add(phase.preempts);
    this.strikes.complete(kept);
    this.kept = kept;
    return kept;
  }
}

/** Of a distribution that is gone these stay: it took the template off the list of what its nodes are to drop. */
const LASTING: ReadonlySet<string> = new Set<DomainEvent['type']>([
  'DistributeTemplateToNodes',
  'DistributionForgotten',
]);

/** What makes an end of all strikes against a node. */
type Forgiving = Extract<
  DomainEvent,
  { type: 'NodeRegistered' | 'ConfigNode' | 'NodeStrikesFaded' | 'DeleteNode' | 'NodeUnregistered' }
>;
const FORGIVING: Readonly<Record<Forgiving['type'], true>> = {
  NodeRegistered: true,
  ConfigNode: true,
  NodeStrikesFaded: true,
  DeleteNode: true,
  NodeUnregistered: true,
};
const isForgiving = (event: DomainEvent): event is Forgiving => Object.hasOwn(FORGIVING, event.type);

/** How a start went: what strikes a node or forgives it. */
type StartEvent = Extract<DomainEvent, { type: 'VMStarted' | 'VMStartAttemptFailed' | 'VMFailedToStart' }>;
const isStart = (event: DomainEvent): event is StartEvent =>
  event.type === 'VMStarted' || event.type === 'VMStartAttemptFailed' || event.type === 'VMFailedToStart';

const isVmEvent = (event: DomainEvent): event is Extract<DomainEvent, { vmId: VmId }> => 'vmId' in event;
