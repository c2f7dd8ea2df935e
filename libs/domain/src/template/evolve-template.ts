import type { Cluster } from '../cluster.js';
import { type Arch, type Node, removable } from '../node/node.js';
import type { Template } from './template.js';
import type { TemplateEvent } from './template-events.js';

/** Folds one fact about a template. */
export function evolveTemplate(cluster: Cluster, event: TemplateEvent): void {
  cluster.attention.saves = true;
  if (event.type === 'DeleteRegistryVm') {
    cluster.templates.delete(event.templateId);
    return;
  }
  if (event.type === 'RemoveTemplateFromNodes') return remove(cluster, event);
  const known = cluster.templates.get(event.templateId);
  if (event.type === 'TemplateReverted') return known && revert(cluster, known, event.fromVersion);
  if (event.type === 'SetTemplateArch') return known && setArch(known, event.arch);
  if (known === undefined) {
    cluster.templates.set(event.templateId, {
      id: event.templateId,
      name: event.name,
      arch: event.arch,
      versions: [event.version],
    });
    return;
  }
  known.name = event.name;
  known.versions.push(event.version);
}

/** What is gone has nothing to do in the caches of nodes. */
function revert(cluster: Cluster, template: Template, fromVersion: number): void {
  const first = template.versions.findIndex(({ number }) => number >= fromVersion);
  const gone = first < 0 ? [] : template.versions.splice(first);
  if (template.versions.length === 0) cluster.templates.delete(template.id);
  for (const node of cluster.nodes.values()) for (const { tag } of gone) removeFrom(cluster, node, template.id, tag);
}

function setArch(template: Template, arch: Arch): void {
  template.arch = arch;
  const versions = template.versions.map((version) => ({ ...version, image: { ...version.image, arch } }));
  template.versions.splice(0, versions.length, ...versions);
}

function remove(cluster: Cluster, event: Extract<TemplateEvent, { type: 'RemoveTemplateFromNodes' }>): void {
  for (const nodeId of event.nodeIds) {
    const node = cluster.nodes.get(nodeId);
    if (node !== undefined) removeFrom(cluster, node, event.templateId, event.tag);
  }
}

function removeFrom(cluster: Cluster, node: Node, templateId: string, tag?: string): void {
  const here = removable(node, templateId, tag);
  for (const [key, cached] of here) node.removals.set(key, cached);
  if (here.length > 0) cluster.touched.add(node.id);
}
