import { cacheKey, type NodeEvent, type RecordedEvent } from '#domain';
import type { NodeRow } from '../views/index.js';

/** Folds one event about a node into its row; undefined when there is no row (any more). Total, like every fold. */
export function foldNode(row: NodeRow | undefined, recorded: RecordedEvent, event: NodeEvent): NodeRow | undefined {
  if (row !== undefined && recorded.sequence <= row.sequence) return row;
  if (event.type === 'NodeRegistered') {
    const { nodeId: id, facts, config, cached, unknownVms } = event;
    const registeredAt = row?.registeredAt ?? recorded.time;
    return {
      id,
      facts,
      config,
      cached,
      groups: row?.groups ?? [],
      online: true,
      registeredAt,
      ...(unknownVms && { unknownVms }),
      ...stamp(recorded),
    };
  }
  if (row === undefined || event.type === 'DeleteNode' || event.type === 'NodeUnregistered') return undefined;
  return { ...row, ...change(row, event), ...stamp(recorded) };
}

const stamp = ({ sequence, time }: RecordedEvent) => ({ sequence, updatedAt: time });

type LaterEvent = Exclude<NodeEvent, { type: 'NodeRegistered' | 'DeleteNode' | 'NodeUnregistered' }>;

function change(row: NodeRow, event: LaterEvent): Partial<NodeRow> {
  switch (event.type) {
    case 'ConfigNode':
      return { facts: { ...row.facts, ...event.facts }, config: { ...row.config, ...event.config } };
    case 'NodeOffline':
      return { online: false };
    case 'NodeOnline':
      return { online: true };
    case 'NodeStrikesFaded':
      return {};
    case 'NodeGroupsChanged':
      return { groups: event.groups };
    case 'UnknownVMsFound':
      return { unknownVms: event.vms };
    case 'TemplateEvicted': {
      const evicted = cacheKey(event.templateId, event.tag);
      return { cached: row.cached.filter(({ templateId, tag }) => cacheKey(templateId, tag) !== evicted) };
    }
    case 'TemplatePulled': {
      const { templateId, tag } = event;
      const pulled = cacheKey(templateId, tag);
      if (row.cached.some((known) => cacheKey(known.templateId, known.tag) === pulled)) return {};
      return { cached: [...row.cached, { templateId, tag }] };
    }
  }
}
