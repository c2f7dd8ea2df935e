import type { Cluster } from '../cluster.js';
import { groupChain } from '../group/group.js';
import type { GroupId } from '../ids.js';
import { imageKey } from '../node/node.js';
import { macKey } from '../vm/claim-rules.js';
import type { Vm } from '../vm/vm.js';

/** What a VM asks of a node, resolved once for all the nodes it is held against. */
export interface Demand {
  readonly vm: Vm;
  /** Groups whose members may take it, the asked one first; absent: any node may. */
  readonly groups?: readonly GroupId[];
  /** Its template version, as nodes name it in their caches. */
  readonly image: string;
  /** Another VM with a seat has the MAC address that this one asks for. */
  readonly isMacTaken?: boolean;
}

export function demandOf(cluster: Cluster, vm: Vm): Demand {
  const { groupId } = vm.request;
  const image = imageKey(vm.image);
  const mac = macKey(vm.request);
  return {
    vm,
    image,
    ...(groupId !== undefined && { groups: groupChain(cluster, groupId) }),
    ...(mac !== undefined && cluster.macs.has(mac) && { isMacTaken: true }),
  };
}

/** A part of the fleet in which a node is looked for; absent fields do not narrow it. */
export interface Scope {
  readonly group?: GroupId;
  readonly tag?: string;
}

const EVERYWHERE: readonly Scope[] = [{}];

/** Where to look for a node, the best first: group after group, and in each first where the preferred tag is. */
export function scopesOf({ vm: { request }, groups }: Demand): readonly Scope[] {
  const { nodeTag } = request;
  if (groups === undefined && nodeTag === undefined) return EVERYWHERE;
  return (groups ?? [undefined]).flatMap((group) => {
    const scope = group === undefined ? {} : { group };
    return nodeTag === undefined ? [scope] : [{ ...scope, tag: nodeTag }, scope];
  });
}
