import type { Cluster } from '../cluster.js';
import { removable } from '../node/node.js';
import type { TemplateEvent } from './template-events.js';

/** Folds one fact about a template. */
export function evolveTemplate(cluster: Cluster, event: TemplateEvent): void {
  if (event.type === 'DeleteRegistryVm') {
    cluster.templates.delete(event.templateId);
    return;
  }
  if (event.type === 'RemoveTemplateFromNodes') return remove(cluster, event);
  const known = cluster.templates.get(event.templateId);
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

function remove(cluster: Cluster, event: Extract<TemplateEvent, { type: 'RemoveTemplateFromNodes' }>): void {
  for (const nodeId of event.nodeIds) {
    const node = cluster.nodes.get(nodeId);
    if (node === undefined) continue;
    for (const [key, cached] of removable(node, event.templateId, event.tag)) node.removals.set(key, cached);
    cluster.touched.add(nodeId);
  }
}
