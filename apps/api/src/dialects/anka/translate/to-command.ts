import type { BlobRef, Command, ForwardRule, NodeConfig, VmRequest } from '#domain';
import type { ConfigNodeDto, UpdateVmDto } from '../dto/change.dto.js';
import type { ForwardDto, StartVmDto } from '../dto/start-vm.dto.js';
import { claimsOf } from './claims.js';
import { metadataOf } from './metadata.js';
import { passthroughOf } from './passthrough.js';
import { startupScript } from './script.js';

const MIB_PER_GB = 1024;

export function toStartVm(dto: StartVmDto, vmIds: readonly string[], storedScript?: BlobRef): Command {
  const forwards = forwardsOf(dto.port_forwarding_override);
  const metadata = metadataOf(dto.metadata);
  const passthrough = passthroughOf(dto);
  const request: VmRequest = {
    templateId: dto.vmid,
    ...given('tag', dto.tag),
    ...given('version', dto.version),
    ...given('name', dto.name),
    ...given('externalId', dto.external_id),
    ...given('metadata', metadata),
    ...given('priority', dto.priority || undefined),
    ...given('nodeId', dto.node_id),
    ...given('groupId', dto.group_id),
    ...given('vcpu', dto.vcpu || undefined),
    ...given('memoryMiB', dto.vram || undefined),
    ...given('nameTemplate', dto.name_template),
    ...given('forwards', forwards),
    ...(storedScript && { script: startupScript(dto, storedScript) }),
    ...claimsOf(dto),
    ...given('passthrough', passthrough),
  };
  return { type: 'StartVM', vmIds, request, lenient: true };
}

export function toUpdateVm(vmId: string, dto: UpdateVmDto): Command {
  return {
    type: 'UpdateVM',
    vmId,
    ...given('name', dto.name),
    ...given('externalId', dto.external_id),
    ...given('metadata', metadataOf(dto.metadata)),
  };
}

export function toConfigNode(nodeId: string, dto: ConfigNodeDto): Command {
  const config: Partial<NodeConfig> = {
    ...given('capacityMode', dto.capacity_mode),
    ...given('capacity', dto.max_vm_count),
    ...given('vcpuOverride', dto.vcpu_override),
    ...given('memoryMiBOverride', dto.ram_override === undefined ? undefined : dto.ram_override * MIB_PER_GB),
    ...given('drain', dto.drain_mode),
  };
  return { type: 'ConfigNode', nodeId, ...given('name', dto.name), ...given('host', dto.host), config };
}

function forwardsOf(rules: readonly ForwardDto[] | null | undefined): ForwardRule[] | undefined {
  return rules?.map((rule) => ({
    name: rule.name,
    guestPort: rule.guest_port,
    ...given('hostPort', rule.host_port || undefined),
  }));
}

/** A field that is there, or none: absent is never `undefined`. */
function given<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
