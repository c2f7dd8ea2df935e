import type { Cluster } from '../cluster.js';
import type { NodeId } from '../ids.js';
import { saveOf } from '../image/save.js';
import type { CachedTemplate, Node } from './node.js';
import type { BlobRef, TemplateImage } from '../template/template.js';
import { type ForwardRule, placementOf, type StartupScript, type Vm } from '../vm/vm.js';

/**
 * What a node should be running, derived from the log alone. The node converges on it whenever it sees it; what it missed before
 * does not matter.
 */
export interface DesiredNode {
  /** Sequence of the last event behind this value. A VM with a higher epoch is newer than the value and not judged by it. */
  readonly asOf: number;
  readonly vms: readonly Assignment[];
  /** Templates to have in the cache, oldest wish first. Absent: none. */
  readonly pulls?: readonly DesiredPull[];
  /** Templates to have no longer, once no VM here uses them. Absent: none. */
  readonly removals?: readonly CachedTemplate[];
}

/** One node's part in a distribution. It is wished until the node says that it has the template or cannot get it. */
export interface DesiredPull {
  readonly distributionId: string;
  readonly image: TemplateImage;
}

export interface Assignment {
  readonly vmId: string;
  readonly epoch: number;
  /** `present`: be on the host and booted once. `absent`: be gone, and say so. */
  readonly wish: 'present' | 'absent';
  /** The control plane knows that the VM started: if it is missing now, it was lost, and must not be started again. */
  readonly started: boolean;
  readonly restarts: number;
  readonly nameTemplate?: string;
  readonly image: TemplateImage;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly forwards: readonly ForwardRule[];
  readonly script?: StartupScript;
  readonly usbDevice?: string;
  readonly macAddress?: string;
  readonly vlan?: string;
  /** Save what the guest wrote as a layer of a new image. A wish of this VM alone, until the node has reported how it ended. */
  readonly save?: SaveWish;
}

/** When it goes away before the node has reported, the node gives it up, and has the guest run again. */
export interface SaveWish {
  readonly requestId: string;
  /** Run in the guest before it is stopped; its text is a blob, because scripts carry secrets. */
  readonly script?: BlobRef;
  readonly scriptTimeoutMs: number;
  /** A script that fails ends the saving; otherwise its result is told, and no more. */
  readonly cancelOnScriptFailure: boolean;
}

/** The wishes for one node, in the order of their placement. A node that is gone is wished empty. */
export function desiredNode(cluster: Cluster, nodeId: NodeId): DesiredNode {
  const node = cluster.nodes.get(nodeId);
  const vms: Assignment[] = [];
  let last = 0;
  let isInOrder = true;
  for (const vmId of node?.vms ?? []) {
    const vm = cluster.vms.get(vmId);
    const at = vm && placementOf(vm);
    if (at === undefined) continue;
    isInOrder &&= last < at.epoch;
    last = at.epoch;
    vms.push(withSave(cluster, vm as Vm, assignment(vm as Vm, at.epoch)));
  }
  if (!isInOrder) vms.sort((a, b) => a.epoch - b.epoch);
  const asOf = cluster.sequence;
  if (node === undefined || (node.distributions.size === 0 && node.removals.size === 0)) return { asOf, vms };
  return {
    asOf,
    vms,
    ...(node.distributions.size > 0 && { pulls: pullsOf(cluster, node) }),
    ...(node.removals.size > 0 && { removals: [...node.removals.values()] }),
  };
}

function pullsOf(cluster: Cluster, node: Node): DesiredPull[] {
  return [...node.distributions].flatMap((distributionId) => {
    const image = cluster.distributions.get(distributionId)?.image;
    return image === undefined ? [] : [{ distributionId, image }];
  });
}

function withSave(cluster: Cluster, vm: Vm, assigned: Assignment): Assignment {
  const save = vm.phase.name === 'pushing' ? saveOf(cluster, vm.id) : undefined;
  if (save?.state !== 'working') return assigned;
  const { requestId, script, scriptTimeoutMs, cancelOnScriptFailure } = save.order;
  return { ...assigned, save: { requestId, ...(script && { script }), scriptTimeoutMs, cancelOnScriptFailure } };
}

/** Made for every VM of a node whenever one of them changes, and therefore in one step where that is possible. */
function assignment(vm: Vm, epoch: number): Assignment {
  const { id: vmId, phase, restarts, image, cpu, memoryMiB, forwards } = vm;
  const { nameTemplate, script, vlan } = vm.request;
  const at = placementOf(vm);
  const usbDevice = at?.usbDevice;
  const macAddress = vm.request.macAddress ?? at?.macAddress;
  const wish = phase.name === 'terminating' ? 'absent' : 'present';
  const started = phase.name !== 'assigned';
  const plain: Assignment = { vmId, epoch, wish, started, restarts, image, cpu, memoryMiB, forwards };
  const rest = [nameTemplate, script, usbDevice, macAddress, vlan];
  if (rest.every((value) => value === undefined)) return plain;
  return {
    ...plain,
    ...(nameTemplate !== undefined && { nameTemplate }),
    ...(script && { script }),
    ...(usbDevice !== undefined && { usbDevice }),
    ...(macAddress !== undefined && { macAddress }),
    ...(vlan !== undefined && { vlan }),
  };
}
