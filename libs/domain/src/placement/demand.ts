import type { Cluster } from '../cluster.js';
import { groupChain } from '../group/group.js';
import type { GroupId } from '../ids.js';
import { cacheKey } from '../node/node.js';
import type { Vm } from '../vm/vm.js';

/** What a VM asks of a node, resolved once for all the nodes it is held against. */
export interface Demand {
  readonly vm: Vm;
  /** Groups whose members may take it, the asked one first; absent: any node may. */
  readonly groups?: readonly GroupId[];
  /** Its template version, as nodes name it in their caches. */
  readonly image: string;
}

export function demandOf(cluster: Cluster, vm: Vm): Demand {
  const { groupId } = vm.request;
  const image = cacheKey(vm.image.templateId, vm.image.tag);
  return groupId === undefined ? { vm, image } : { vm, image, groups: groupChain(cluster, groupId) };
}
