import type { Cluster } from '../cluster.js';
import type { Groups } from '../group/group.js';
import type { NodeId } from '../ids.js';
import { cacheKey, type Node } from '../node/node.js';
import type { Vm } from '../vm/vm.js';
import { hasRoom, whyNot } from './filters.js';
import { type Open, OpenNodes } from './open-nodes.js';
import { compareFor, loadOf } from './score.js';

interface Listed extends Open {
  /** Names of the lists that hold the node. */
  readonly lists: readonly string[];
}

/**
 * Where there is room: an index over the nodes, by architecture and by the templates they have, so that choosing a node looks at the
 * few that come first and not at the fleet. Says exactly what sorting all nodes with {@link compareFor} would say.
 */
export class Room {
  private readonly lists = new Map<string, OpenNodes>();
  private readonly listed = new Map<NodeId, Listed>();

  /** The node's load, or whether it has any room, may have changed. */
  loadChanged(node: Node): void {
    const known = this.listed.get(node.id);
    const load = hasRoom(node) ? loadOf(node) : undefined;
    if (known?.load === load) return;
    this.list(node, load, known?.lists ?? listsOf(node));
  }

  /** Anything about the node may have changed. */
  changed(node: Node): void {
    this.list(node, hasRoom(node) ? loadOf(node) : undefined, listsOf(node));
  }

  /** The best node for the VM among those of the cluster that can take it now. */
  best(cluster: Pick<Cluster, 'nodes' | 'groups'>, vm: Vm): Node | undefined {
    const { nodes } = cluster;
    const pinned = vm.request.nodeId;
    if (pinned !== undefined) return firstThatTakes(cluster, [nodes.get(pinned as NodeId)], vm);
    const failed = new Set(vm.attempts.map(({ nodeId }) => nodeId));
    const { arch, templateId, tag } = vm.image;
    return (
      firstThatTakes(cluster, this.lists.get(`${arch} ${cacheKey(templateId, tag)}`) ?? [], vm, failed) ??
      firstThatTakes(cluster, this.lists.get(arch) ?? [], vm, failed) ??
      firstThatTakes(
        cluster,
        [...failed]
          .map((id) => nodes.get(id))
          .filter(isThere)
          .sort(compareFor(vm)),
        vm,
      )
    );
  }

  private list(node: Node, load: number | undefined, lists: readonly string[]): void {
    const known = this.listed.get(node.id);
    if (known !== undefined) this.unlist(known);
    if (load === undefined) return;
    const entry: Listed = { node, load, lists };
    this.listed.set(node.id, entry);
    for (const name of lists) {
      const list = this.lists.get(name) ?? new OpenNodes();
      list.add(entry);
      this.lists.set(name, list);
    }
  }

  private unlist(entry: Listed): void {
    this.listed.delete(entry.node.id);
    for (const name of entry.lists) {
      const list = this.lists.get(name);
      list?.remove(entry);
      if (list?.size === 0) this.lists.delete(name);
    }
  }
}

function listsOf(node: Node): string[] {
  const { arch } = node.facts;
  return [arch, ...[...node.cached.keys()].map((key) => `${arch} ${key}`)];
}

function firstThatTakes(
  groups: Groups,
  nodes: Iterable<Node | undefined>,
  vm: Vm,
  except?: ReadonlySet<NodeId>,
): Node | undefined {
  for (const node of nodes) {
    if (node !== undefined && !except?.has(node.id) && whyNot(node, vm, groups) === undefined) return node;
  }
  return undefined;
}

const isThere = (node: Node | undefined): node is Node => node !== undefined;
