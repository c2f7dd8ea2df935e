import type { Cluster } from '../cluster.js';
import { groupChain } from '../group/group.js';
import type { GroupId } from '../ids.js';
import { usbDevicesFor } from '../node/held.js';
import type { Arch, Node } from '../node/node.js';
import type { VmRequest } from './vm.js';

/** The fields in the words in which `passthrough` keeps them. */
const CLAIMS = { usbDevice: 'usb_device', vlan: 'vlan_tag' } as const;

const OFFERED: { readonly [Field in keyof typeof CLAIMS]: (node: Node, wanted: string) => boolean } = {
  usbDevice: (node, wanted) => usbDevicesFor(node, wanted).length > 0,
  vlan: ({ facts }, wanted) => facts.vlans?.includes(wanted) === true,
};

/**
 * The request without what no node could ever give: it is kept in `passthrough`, as what no driver acts on (ADR 0018). A node counts
 * whether or not it is free, drained or silent now; it must only be one on which the VM may run.
 */
export function withinReach(cluster: Cluster, request: VmRequest, arch: Arch): VmRequest {
  if (request.usbDevice === undefined && request.vlan === undefined) return request;
  let nodes = candidates(cluster, request, arch);
  let within = request;
  for (const field of Object.keys(CLAIMS) as (keyof typeof CLAIMS)[]) {
    const wanted = request[field];
    if (wanted === undefined) continue;
    const offering = nodes.filter((node) => OFFERED[field](node, wanted));
    if (offering.length > 0) nodes = offering;
    else within = setAside(within, field, wanted);
  }
  return within;
}

function setAside(request: VmRequest, field: keyof typeof CLAIMS, wanted: string): VmRequest {
  const { [field]: _, ...rest } = request;
  return { ...rest, passthrough: { ...request.passthrough, [CLAIMS[field]]: wanted } };
}

function candidates({ nodes, groups }: Cluster, { nodeId, groupId }: VmRequest, arch: Arch): Node[] {
  const chain = groupId === undefined ? undefined : groupChain({ groups }, groupId);
  const isMeant = (node: Node): boolean => chain?.some((id: GroupId) => node.groups.has(id)) !== false;
  return [...nodes.values()].filter(
    (node) =>
      !node.deleted && node.facts.arch === arch && (nodeId === undefined || node.id === nodeId) && isMeant(node),
  );
}
