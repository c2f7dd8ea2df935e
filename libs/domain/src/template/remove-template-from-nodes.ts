import { templateId } from '../ids.js';
import { MAX_NODES_PER_COMMAND } from '../limits.js';
import { type Node, removable } from '../node/node.js';
import { refuseUnknownNodes } from '../node/node-rules.js';
import { outOfRange, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { Template } from './template.js';
import type { RemoveTemplateFromNodesCommand } from './template-events.js';

/**
 * Has nodes drop a template from their caches, as soon as no VM there uses it. Nodes that do not have it are passed over. The registry
 * keeps it, or may have lost it long ago.
 */
export function removeTemplateFromNodes(turn: Turn, command: RemoveTemplateFromNodesCommand): Refusal | undefined {
  if (turn.resumed) return undefined;
  const { tag, nodeIds } = command;
  const refusal = refuseTemplate(turn, command) ?? refuseNodes(turn, nodeIds);
  if (refusal !== undefined) return refusal;
  const holders = [...nodesOf(turn, nodeIds)].filter((node) => isNews(node, command));
  if (holders.length === 0) return undefined;
  turn.emit({
    type: 'RemoveTemplateFromNodes',
    templateId: templateId(command.templateId),
    ...(tag !== undefined && { tag }),
    nodeIds: holders.map(({ id }) => id).sort(),
  });
  return undefined;
}

/** A template that left the registry is known as long as a node has it. */
function refuseTemplate({ cluster }: Turn, command: RemoveTemplateFromNodesCommand): Refusal | undefined {
  const { templateId: id, tag } = command;
  const template = cluster.templates.get(id as Template['id']);
  if (template !== undefined && (tag === undefined || template.versions.some((version) => version.tag === tag)))
    return undefined;
  for (const node of cluster.nodes.values()) if (removable(node, id, tag).length > 0) return undefined;
  if (template === undefined || tag === undefined) return { code: 'TEMPLATE_UNKNOWN', templateId: id };
  return { code: 'TAG_UNKNOWN', templateId: id, tag };
}

function refuseNodes({ cluster }: Turn, nodeIds: readonly string[] | undefined): Refusal | undefined {
  if (nodeIds === undefined) return outOfRange('nodes', cluster.nodes.size, 0, MAX_NODES_PER_COMMAND);
  return outOfRange('node_ids', nodeIds.length, 1, MAX_NODES_PER_COMMAND) ?? refuseUnknownNodes(cluster, nodeIds);
}

function nodesOf({ cluster }: Turn, nodeIds: readonly string[] | undefined): Iterable<Node> {
  if (nodeIds === undefined) return cluster.nodes.values();
  return [...new Set(nodeIds)].flatMap((id) => cluster.nodes.get(id as Node['id']) ?? []);
}

const isNews = (node: Node, { templateId: id, tag }: RemoveTemplateFromNodesCommand): boolean =>
  removable(node, id, tag).some(([key]) => !node.removals.has(key));
