import type { CapacityField, Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { type Node, type NodeConfig, resourceLimits, slotsInUse } from './node.js';
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

/** What the node can hold must hold the VMs that are there, whether a limit changes or only now begins to count. */
function refuseBelowUse(node: Node, change: Partial<NodeConfig>): Refusal | undefined {
  const { capacity, capacityMode, vcpuOverride, memoryMiBOverride } = change;
  if ([capacity, capacityMode, vcpuOverride, memoryMiBOverride].every((value) => value === undefined)) return undefined;
  const config = { ...node.config, ...change };
  const limits = resourceLimits({ facts: node.facts, config });
  const no = (field: CapacityField, limit: number, inUse: number): Refusal | undefined =>
    limit >= inUse ? undefined : { code: 'CAPACITY_BELOW_USE', nodeId: node.id, field, capacity: limit, inUse };
  if (config.capacityMode === 'number') return no('max_vm_count', config.capacity, slotsInUse(node));
  return no('vcpu_override', limits.cpu, node.used.cpu) ?? no('ram_override', limits.memoryMiB, node.used.memoryMiB);
}
