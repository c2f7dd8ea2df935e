import { MAX_MEMORY_MIB, MAX_NAME_LENGTH, MAX_NODE_CAPACITY, MAX_VCPU } from '../limits.js';
import { outOfRange, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { tooLong } from '../vm/request-rules.js';
import type { Node, NodeConfig } from './node.js';
import type { NodeCommand } from './node-commands.js';

/** Changes what the controller lets the node do; each field by itself. Draining leaves running VMs alone. */
export function configNode(turn: Turn, command: Extract<NodeCommand, { type: 'ConfigNode' }>): Refusal | undefined {
  if (turn.resumed) return undefined;
  const node = turn.cluster.nodes.get(command.nodeId as Node['id']);
  if (node === undefined || node.deleted) return { code: 'NODE_UNKNOWN', nodeId: command.nodeId };
  const { name, host, config } = command;
  const refusal =
    tooLong('name', name, MAX_NAME_LENGTH) ?? tooLong('host', host, MAX_NAME_LENGTH) ?? refuseConfig(node, config);
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

function refuseConfig(node: Node, config: Partial<NodeConfig>): Refusal | undefined {
  const { capacity, vcpuOverride, memoryMiBOverride } = config;
  const refusal =
    (capacity === undefined ? undefined : outOfRange('max_vm_count', capacity, 0, MAX_NODE_CAPACITY)) ??
    (vcpuOverride === undefined ? undefined : outOfRange('vcpu_override', vcpuOverride, 0, MAX_VCPU)) ??
    (memoryMiBOverride === undefined ? undefined : outOfRange('ram_override', memoryMiBOverride, 0, MAX_MEMORY_MIB));
  if (refusal !== undefined) return refusal;
  const mode = config.capacityMode ?? node.config.capacityMode;
  if (mode === 'number' && capacity !== undefined && capacity < node.used.vms) {
    return { code: 'CAPACITY_BELOW_USE', nodeId: node.id, capacity, inUse: node.used.vms };
  }
  return undefined;
}
