import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { GroupDto } from './group.dto.js';

const integer = { type: 'integer', minimum: 0 } as const;
const fraction = { type: 'number', minimum: 0, maximum: 1 } as const;

export const NODE_STATES = [
  'Active',
  'Offline',
  'Inactive (Invalid License)',
  'Updating',
  'Unhealthy',
  'Drain Mode',
] as const;
export type NodeState = (typeof NODE_STATES)[number];

/** What runs the VMs on a node. */
export class AnkaVersionDto {
  product: string;
  version: string;
  build: string;
  license: string;
  expires: string;
}

/** A USB device of a node. */
export class UsbDeviceDto {
  id: string;

  /** Devices of one group can take each other's place. */
  group: string;
}

/** A template version in a node's cache. */
export class CachedTemplateDto {
  uuid: string;
  name: string;
  tag: string;
}

/** A host of VMs. */
export class NodeDto {
  node_id: string;
  node_name: string;

  @ApiProperty(integer)
  cpu_count: number;

  /** GB. */
  @ApiProperty(integer)
  ram: number;

  /** VMs that take room on it. */
  @ApiProperty(integer)
  vm_count: number;

  /** Their virtual CPUs. */
  @ApiProperty(integer)
  vcpu_count: number;

  /** Their memory in MB. */
  @ApiProperty(integer)
  vram: number;

  @ApiProperty(fraction)
  cpu_util: number;

  @ApiProperty(fraction)
  ram_util: number;

  /** Address at which clients reach forwarded ports. */
  ip_address: string;

  @ApiProperty({ enum: NODE_STATES })
  state: NodeState;

  /** VMs at once; in capacity mode `resource`: virtual CPUs at once. */
  @ApiProperty(integer)
  capacity: number;

  @ApiPropertyOptional({ type: () => [GroupDto] })
  groups?: GroupDto[];

  anka_version: AnkaVersionDto;

  /** Null: none. */
  @ApiProperty({ type: () => [UsbDeviceDto], nullable: true })
  usb_devices: UsbDeviceDto[] | null;

  @ApiProperty({ enum: ['number', 'resource'] })
  capacity_mode: 'number' | 'resource';

  /** 0: none. */
  @ApiProperty(integer)
  vcpu_override: number;

  /** GB. 0: none. */
  @ApiProperty(integer)
  ram_override: number;

  /** Bytes. */
  @ApiProperty(integer)
  disk_size: number;

  /** Bytes. */
  @ApiProperty(integer)
  free_disk_space: number;

  /** Bytes that the cached template versions take. */
  @ApiProperty(integer)
  anka_disk_usage: number;

  @ApiProperty({ enum: ['amd64', 'arm64'] })
  host_arch: 'amd64' | 'arm64';

  @ApiPropertyOptional({ type: () => [CachedTemplateDto] })
  templates?: CachedTemplateDto[];

  @ApiProperty({ type: 'string', format: 'date-time' })
  last_updated: string;

  /** Unix seconds. */
  @ApiProperty(integer)
  timestamp: number;

  agent_version: string;
}
