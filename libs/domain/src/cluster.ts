import type { ApiKey, PermissionGroup } from './access/access.js';
import type { Distribution } from './distribution/distribution.js';
import type { Group } from './group/group.js';
import type { DistributionId, GroupId, NodeId, SaveId, TemplateId, VmId, WebhookId } from './ids.js';
import type { Save } from './image/save.js';
import { MAX_REMEMBERED_COMMANDS } from './limits.js';
import type { MacPool } from './mac/mac-pool.js';
import type { Node } from './node/node.js';
import { Ordinals } from './node/ordinals.js';
import { PendingQueue } from './placement/pending-queue.js';
import type { Kind } from './placement/waiting-line.js';
import type { NodeFinder } from './placement/node-finder.js';
import { NodeIndex } from './placement/node-index.js';
import { DEFAULT_POLICY, type Policy } from './policy.js';
import type { Template } from './template/template.js';
import { RecentMap } from './recent-map.js';
import { type Alarm, Timers } from './timers.js';
import type { Vm } from './vm/vm.js';
import type { Webhook } from './webhook/webhook.js';

/**
 * Everything that is true, in memory: the fold of EVENTS. One object with one owner; `evolve` changes it in place, because copying
 * a fleet of millions for each event would cost more than deciding does.
 */
export interface Cluster {
  /** Sequence of the last event folded. */
  sequence: number;
  /** Time of the last event, unix ms. Decisions never go back behind it, whatever the stream's clock does. */
  time: number;
  /** The command whose events came last, and how many of them are here; none: it was refused, and that is recorded. */
  cause: { sequence: number; events: number };
  policy: Policy;
  readonly vms: Map<VmId, Vm>;
  /** The VM that was accepted last: the next one often follows the same request. */
  newest?: Vm;
  readonly nodes: Map<NodeId, Node>;
  readonly templates: Map<TemplateId, Template>;
  readonly groups: Map<GroupId, Group>;
  /** Oldest first. */
  readonly distributions: Map<DistributionId, Distribution>;
  /** Oldest first. */
  readonly saves: Map<SaveId, Save>;
  /** Those of them that have not ended, oldest first. */
  readonly saving: Set<SaveId>;
  /** By store and key id. */
  readonly apiKeys: Map<string, ApiKey>;
  /** By store, kind and name of the grantee. */
  readonly permissionGroups: Map<string, PermissionGroup>;
  readonly webhooks: Map<WebhookId, Webhook>;
  readonly pending: PendingQueue;
  /** How many VMs run, by their priority. */
  readonly running: Map<number, number>;
  /** MAC addresses of VMs with a seat, and how many have each: one, unless history was strange. */
  readonly macs: Map<string, number>;
  /** Addresses for VMs that ask for none; absent: none are given out. */
  macPool?: MacPool;
  /** Finds nodes for VMs. */
  readonly finder: NodeFinder;
  readonly ordinals: Ordinals;
  readonly timers: {
    readonly vms: Timers<VmId>;
    readonly nodes: Timers<NodeId>;
    readonly strikes: Timers<NodeId>;
    readonly distributions: Timers<DistributionId>;
    readonly saves: Timers<SaveId>;
    readonly apiKeys: Timers<string>;
  };
  /** Outcome of recent commands by id, oldest first: the sequence of the last event that each caused. */
  readonly outcomes: RecentMap<string, RememberedOutcome>;
  /** What changed since placement last looked. */
  readonly attention: Attention;
  /** Nodes whose desired state may have changed since its writer last looked. */
  readonly touched: Set<NodeId>;
  /** The same, where only what the node itself has reported changed: nobody waits for that to be written. */
  readonly noted: Set<NodeId>;
}

export interface RememberedOutcome {
  readonly commandSequence: number;
  lastSequence: number;
  failed?: string;
}

/**
 * What may make a placement possible that was impossible before: kinds of VMs of which one newly waits, and nodes that
 * newly have room. Between two looks nothing else can help. And what may have ended saves.
 */
export interface Attention {
  readonly arrivals: Set<Kind>;
  readonly opened: Set<NodeId>;
  /** A save may have become hopeless. */
  saves: boolean;
}

/** `finder`: another way to choose nodes, to measure ours against. */
export function emptyCluster(finder: NodeFinder = new NodeIndex()): Cluster {
  return {
    sequence: 0,
    time: 0,
    cause: { sequence: 0, events: 0 },
    policy: DEFAULT_POLICY,
    vms: new Map(),
    nodes: new Map(),
    templates: new Map(),
    groups: new Map(),
    distributions: new Map(),
    saves: new Map(),
    saving: new Set(),
    apiKeys: new Map(),
    permissionGroups: new Map(),
    webhooks: new Map(),
    pending: new PendingQueue(),
    running: new Map(),
    macs: new Map(),
    finder,
    ordinals: new Ordinals(),
    timers: {
      vms: new Timers(),
      nodes: new Timers(),
      strikes: new Timers(),
      distributions: new Timers(),
      saves: new Timers(),
      apiKeys: new Timers(),
    },
    outcomes: new RecentMap(MAX_REMEMBERED_COMMANDS),
    attention: { arrivals: new Set(), opened: new Set(), saves: false },
    touched: new Set(),
    noted: new Set(),
  };
}

/** Sets, moves or clears the VM's alarm. */
export function setDue(cluster: Cluster, vm: Vm, dueAt: number | undefined): void {
  if (vm.dueAt === dueAt) return;
  vm.dueAt = dueAt;
  if (dueAt !== undefined) cluster.timers.vms.add(dueAt, vm.id);
}

/** The same for a node. */
export function setNodeDue(cluster: Cluster, node: Node, dueAt: number | undefined): void {
  if (node.dueAt === dueAt) return;
  node.dueAt = dueAt;
  if (dueAt !== undefined) cluster.timers.nodes.add(dueAt, node.id);
}

/** What is due next. */
export type NextAlarm =
  | ({ readonly kind: 'vm' } & Alarm<VmId>)
  | ({ readonly kind: 'node' } & Alarm<NodeId>)
  | ({ readonly kind: 'strikes' } & Alarm<NodeId>)
  | ({ readonly kind: 'distribution' } & Alarm<DistributionId>)
  | ({ readonly kind: 'save' } & Alarm<SaveId>)
  | ({ readonly kind: 'apiKey' } & Alarm<string>);

/** The earliest alarm, among equals in the order of the kinds; `nodesWait` leaves out those of silent nodes. */
export function nextAlarm(cluster: Cluster, nodesWait = false): NextAlarm | undefined {
  const { vms, nodes, strikes, distributions, saves, apiKeys } = cluster.timers;
  const vm = vms.firstOf((id) => cluster.vms.get(id)?.dueAt);
  const node = nodesWait ? undefined : nodes.firstOf((id) => cluster.nodes.get(id)?.dueAt);
  const faded = strikes.firstOf((id) => cluster.nodes.get(id)?.strikesFadeAt);
  const distribution = distributions.firstOf((id) => cluster.distributions.get(id)?.dueAt);
  const save = saves.firstOf((id) => cluster.saves.get(id)?.dueAt);
  const apiKey = apiKeys.firstOf((id) => cluster.apiKeys.get(id)?.dueAt);
  const earliest = Math.min(
    timeOf(vm),
    timeOf(node),
    timeOf(faded),
    timeOf(distribution),
    timeOf(save),
    timeOf(apiKey),
  );
  if (vm?.dueAt === earliest) return { kind: 'vm', ...vm };
  if (node?.dueAt === earliest) return { kind: 'node', ...node };
  if (faded?.dueAt === earliest) return { kind: 'strikes', ...faded };
  if (distribution?.dueAt === earliest) return { kind: 'distribution', ...distribution };
  if (save?.dueAt === earliest) return { kind: 'save', ...save };
  return apiKey && { kind: 'apiKey', ...apiKey };
}

const timeOf = (alarm: Alarm<string> | undefined): number => alarm?.dueAt ?? Infinity;

/** When that is, unix ms. */
export function nextDueAt(cluster: Cluster, nodesWait = false): number | undefined {
  return nextAlarm(cluster, nodesWait)?.dueAt;
}

/** Remembers the outcome of a command under its id; forgets the oldest beyond the bound. */
export function rememberOutcome(
  cluster: Cluster,
  id: string,
  commandSequence: number,
  lastSequence: number,
  failed?: string,
): void {
  const known = cluster.outcomes.get(id);
  if (known?.commandSequence === commandSequence) {
    known.lastSequence = lastSequence;
    if (failed !== undefined) known.failed = failed;
    return;
  }
  cluster.outcomes.set(id, { commandSequence, lastSequence, ...(failed === undefined ? {} : { failed }) });
}

/** Takes a node out for good; it must have no VMs any more. */
export function forgetNode(cluster: Cluster, node: Node): void {
  cluster.nodes.delete(node.id);
  cluster.finder.removed(node);
  cluster.ordinals.give(node.ordinal);
}
