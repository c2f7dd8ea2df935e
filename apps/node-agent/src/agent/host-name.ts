import type { Assignment } from '#domain';
import type { NodeIdentity } from './site.js';

/** By this the vendor's tools know the VMs of a controller among those that people started by hand. */
const PREFIX = 'mgmtManaged-';
const DEFAULT_TEMPLATE = '$template_name-$ts';
const PLACEHOLDER = /\$(template_name|template_id|instance_id|node_id|node_name|ts)/g;
export const MAX_HOST_NAME_LENGTH = 255;

/** The VM's name on the host, from the caller's template (anka.md §2.2). `$ts` is `nowMs` in nanoseconds. */
export function hostName(wish: Assignment, node: NodeIdentity, nowMs: number): string {
  const values: Readonly<Record<string, string>> = {
    template_name: wish.image.templateName,
    template_id: wish.image.templateId,
    instance_id: wish.vmId,
    node_id: node.nodeId,
    node_name: node.facts.name,
    ts: `${nowMs}000000`,
  };
  const name = (wish.nameTemplate || DEFAULT_TEMPLATE).replace(PLACEHOLDER, (_, key: string) => values[key] ?? '');
  return `${PREFIX}${name}`.slice(0, MAX_HOST_NAME_LENGTH);
}
