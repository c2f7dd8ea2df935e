import type { Cluster } from '../cluster.js';
import type { Node } from '../node/node.js';

/**
 * The cluster as plain data in a fixed order: equal exactly when two clusters will decide everything alike. Left out is what only
 * saves work (`attention`, `touched`, outdated alarms): it may differ between a cluster that decided and one that followed.
 */
export function canonical(cluster: Cluster): unknown {
  return {
    sequence: cluster.sequence,
    time: cluster.time,
    cause: cluster.cause,
    policy: cluster.policy,
    vms: sorted(cluster.vms),
    nodes: sorted(cluster.nodes).map((node) => ({
      ...node,
      groups: unlessEmpty([...node.groups].sort()),
      pulls: [...node.pulls].sort(),
      cached: [...node.cached.keys()].sort(),
      distributions: unlessEmpty([...node.distributions]),
      removals: unlessEmpty([...node.removals.keys()].sort()),
      vms: [...node.vms].sort(),
      held: heldOn(node),
    })),
    templates: sorted(cluster.templates),
    groups: unlessEmpty(sorted(cluster.groups)),
    distributions: unlessEmpty(
      [...cluster.distributions.values()].map((one) => ({ ...one, nodes: [...one.nodes].sort() })),
    ),
    ...(cluster.macPool && { macPool: [cluster.macPool.from, cluster.macPool.to] }),
    saves: unlessEmpty([...cluster.saves.values()]),
    apiKeys: unlessEmpty(sorted(cluster.apiKeys)),
    permissionGroups: unlessEmpty(sorted(cluster.permissionGroups)),
    webhooks: unlessEmpty(sorted(cluster.webhooks)),
    macs: unlessEmpty([...cluster.macs].sort()),
    pending: [...cluster.pending],
    outcomes: [...cluster.outcomes],
  };
}

/** The same as JSON text would keep it, for comparison with a file. */
export const canonicalJson = (cluster: Cluster): unknown => JSON.parse(JSON.stringify(canonical(cluster)));

/** What clusters of earlier releases did not have is absent from theirs. */
const unlessEmpty = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

function sorted<K extends string, V>(map: ReadonlyMap<K, V>): V[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

function heldOn({ held }: Node): unknown {
  const { images, imageBytes, usbDevices, resources } = held;
  return {
    images: [...images].map(([key, { vms, bytes }]) => [key, vms, bytes]).sort(),
    imageBytes,
    usbDevices: [...usbDevices].sort(),
    resources: [...resources].sort(),
  };
}
