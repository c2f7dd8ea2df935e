import type { CachedTemplate, NodeConfig, NodeFacts } from './node.js';

/** What operators ask of nodes, what nodes say of themselves, and what the control plane noticed of their silence. */
export type NodeCommand =
  | { type: 'ConfigNode'; nodeId: string; name?: string; host?: string; config: Partial<NodeConfig> }
  | { type: 'DeleteNode'; nodeId: string }
  | { type: 'MarkNodeSilent'; nodeId: string; lastBeatAt: number }
  | { type: 'MarkNodeHeard'; nodeId: string };

export type NodeReport = { nodeId: string } & (
  | RegisterNode
  | { type: 'UnregisterNode' }
  | { type: 'ReportTemplatePulled'; templateId: string; tag: string }
  /** How many VMs the hypervisor has that nobody of Muster knows; sent when the number changes. */
  | { type: 'ReportUnknownVMs'; vms: number }
  | { type: 'ReportTemplateEvicted'; templateId: string; tag: string }
);

/** All that the node knows of itself. */
export interface RegisterNode {
  type: 'RegisterNode';
  facts: NodeFacts;
  config: NodeConfig;
  cached: readonly CachedTemplate[];
  /** Absent: none. */
  unknownVms?: number;
}
