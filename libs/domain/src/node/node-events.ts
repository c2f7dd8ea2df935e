import type { GroupId, NodeId } from '../ids.js';
import type { CachedTemplate, NodeConfig, NodeFacts } from './node.js';

/** Facts about one node. Heartbeats are not among them: only a change of state is recorded. */
export type NodeEvent =
  | NodeRegistered
  | { type: 'ConfigNode'; nodeId: NodeId; facts?: Partial<NodeFacts>; config?: Partial<NodeConfig> }
  | { type: 'NodeOffline'; nodeId: NodeId }
  | { type: 'NodeOnline'; nodeId: NodeId }
  | { type: 'NodeStrikesFaded'; nodeId: NodeId }
  | { type: 'TemplatePulled'; nodeId: NodeId; templateId: string; tag: string }
  | { type: 'TemplateEvicted'; nodeId: NodeId; templateId: string; tag: string }
  /** `groups`: all that the node is in now. */
  | { type: 'NodeGroupsChanged'; nodeId: NodeId; groups: readonly GroupId[] }
  | { type: 'UnknownVMsFound'; nodeId: NodeId; vms: number }
  | { type: 'DeleteNode'; nodeId: NodeId }
  | { type: 'NodeUnregistered'; nodeId: NodeId };

export interface NodeRegistered {
  type: 'NodeRegistered';
  nodeId: NodeId;
  facts: NodeFacts;
  config: NodeConfig;
  cached: readonly CachedTemplate[];
  /** Absent: none. */
  unknownVms?: number;
}
