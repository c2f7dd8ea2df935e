import type { Cluster } from '../cluster.js';
import type { TemplateEvent } from './template-events.js';

/** Folds one fact about a template. */
export function evolveTemplate(cluster: Cluster, event: TemplateEvent): void {
  if (event.type === 'DeleteRegistryVm') {
    cluster.templates.delete(event.templateId);
    return;
  }
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
