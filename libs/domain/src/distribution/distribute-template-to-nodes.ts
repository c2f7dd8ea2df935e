import { distributionId, type GroupId, isId } from '../ids.js';
import { refuseUnknownGroup } from '../group/group-rules.js';
import { MAX_DISTRIBUTIONS, MAX_NODES_PER_COMMAND } from '../limits.js';
import type { Node } from '../node/node.js';
import { refuseUnknownNodes } from '../node/node-rules.js';
import { outOfRange, type Refusal } from '../refusal.js';
import { findVersion, type Template, type TemplateVersion } from '../template/template.js';
import { refuseVersion } from '../template/template-rules.js';
import type { Turn } from '../turn.js';
import { type Distribution, holds } from './distribution.js';
import type { DistributeTemplateToNodesCommand } from './distribution-events.js';

/**
 * Brings a template version to nodes. Drained and silent nodes are meant too: a silent one pulls when it is back. Nodes that have the
 * version are done at once. The oldest finished distribution is forgotten when there are too many.
 */
export function distributeTemplateToNodes(turn: Turn, command: DistributeTemplateToNodesCommand): Refusal | undefined {
  const { cluster } = turn;
  if (!turn.resumed) {
    const template = cluster.templates.get(command.templateId as Template['id']);
    const version = template && findVersion(template, command.tag, command.version);
    const refusal =
      refuseRequest(turn, command) ?? refuseVersion(command, template, version) ?? refuseNodes(turn, command);
    if (refusal !== undefined) return refusal;
    if (template !== undefined && version !== undefined) accept(turn, command, template, version);
  }
  while (cluster.distributions.size > MAX_DISTRIBUTIONS) {
    const oldest = oldestFinished(turn);
    if (oldest === undefined) break;
    turn.emit({ type: 'DistributionForgotten', distributionId: oldest.id });
  }
  return undefined;
}

function accept(
  turn: Turn,
  command: DistributeTemplateToNodesCommand,
  template: Template,
  version: TemplateVersion,
): void {
  const { tag, number, image } = version;
  const nodes = meant(turn, command);
  const fit = nodes.filter((node) => node.facts.arch === template.arch);
  turn.emit({
    type: 'DistributeTemplateToNodes',
    distributionId: distributionId(command.distributionId),
    templateId: template.id,
    tag,
    version: number,
    image,
    nodeIds: idsOf(fit.filter((node) => !holds(node, template.id, tag))),
    cachedOn: idsOf(fit.filter((node) => holds(node, template.id, tag))),
    unfit: idsOf(nodes.filter((node) => node.facts.arch !== template.arch)),
  });
}

function refuseRequest(turn: Turn, { distributionId: id, nodeIds, groupId }: DistributeTemplateToNodesCommand) {
  const { distributions } = turn.cluster;
  const invalid = (field: string, message: string): Refusal => ({ code: 'INVALID', field, message });
  if (!isId(id)) return invalid('distributionId', 'is not a valid id');
  if (distributions.has(id as Distribution['id'])) return { code: 'DISTRIBUTION_EXISTS', distributionId: id } as const;
  if (nodeIds !== undefined && groupId !== undefined)
    return invalid('group_id', 'must not be given together with node_ids');
  const isFull = distributions.size >= MAX_DISTRIBUTIONS && oldestFinished(turn) === undefined;
  return isFull ? outOfRange('unfinished distributions', distributions.size + 1, 0, MAX_DISTRIBUTIONS) : undefined;
}

function refuseNodes(turn: Turn, command: DistributeTemplateToNodesCommand): Refusal | undefined {
  const { nodeIds, groupId } = command;
  const unknown =
    (groupId === undefined ? undefined : refuseUnknownGroup(turn.cluster, groupId)) ??
    (nodeIds === undefined ? undefined : outOfRange('node_ids', nodeIds.length, 1, MAX_NODES_PER_COMMAND)) ??
    refuseUnknownNodes(turn.cluster, nodeIds ?? []);
  return unknown ?? outOfRange('nodes', meant(turn, command).length, 1, MAX_NODES_PER_COMMAND);
}

function meant({ cluster }: Turn, { nodeIds, groupId }: DistributeTemplateToNodesCommand): Node[] {
  if (nodeIds !== undefined) return [...new Set(nodeIds)].flatMap((id) => cluster.nodes.get(id as Node['id']) ?? []);
  const all = [...cluster.nodes.values()];
  return groupId === undefined ? all : all.filter((node) => node.groups.has(groupId as GroupId));
}

function oldestFinished({ cluster }: Turn): Distribution | undefined {
  for (const distribution of cluster.distributions.values()) if (distribution.unfinished === 0) return distribution;
  return undefined;
}

const idsOf = (nodes: readonly Node[]): Node['id'][] => nodes.map(({ id }) => id).sort();
