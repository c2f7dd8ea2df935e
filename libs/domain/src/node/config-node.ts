import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { Node, NodeConfig } from './node.js';
import type { NodeCommand } from './node-commands.js';
import { givenConfig, refuseAddress, refuseConfig } from './node-rules.js';

/** Changes what the controller lets the node do; each field by itself. Draining leaves running VMs alone. */
export function configNode(turn: Turn, command: Extract<NodeCommand, { type: 'ConfigNode' }>): Refusal | undefined {
  if (turn.resumed) return undefined;
  const node = turn.cluster.nodes.get(command.nodeId as Node['id']);
  if (node === undefined || node.deleted) return { code: 'NODE_UNKNOWN', nodeId: command.nodeId };
  const { name, host } = command;
  const config = givenConfig(command.config);
  const refusal = refuseAddress(command) ?? refuseConfig(config) ?? refuseBelowUse(node, config);
  if (refusal !== undefined) return refusal;
  turn.emit({
    type: 'ConfigNode',
    nodeId: node.id,
    ...((name !== undefined || host !== undefined) && {
      facts: { ...(name !== undefined && { name }), ...(host !== undefined && { host }) },
    }),
    ...(Object.keys(config).length > 0 && { config }),
  });
  return undefined;
}

/** The number of slots must hold the VMs that are there, whether it changes or only now begins to count. */
function refuseBelowUse(node: Node, change: Partial<NodeConfig>): Refusal | undefined {
  if (change.capacity === undefined && change.capacityMode === undefined) return undefined;
  const { capacityMode, capacity } = { ...node.config, ...change };
  if (capacityMode !== 'number' || capacity >= node.used.vms) return undefined;
  return { code: 'CAPACITY_BELOW_USE', nodeId: node.id, capacity, inUse: node.used.vms };
}
