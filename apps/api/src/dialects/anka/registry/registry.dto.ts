import { ApiProperty } from '@nestjs/swagger';

const integer = { type: 'integer', minimum: 0 } as const;

/** The state of the registry. */
export class RegistryStatusDto {
  @ApiProperty({ enum: ['Running'] })
  status: 'Running';

  /** X.Y.Z-hash */
  version: string;
}

/** The disk that holds the templates, bytes. */
export class RegistryDiskDto {
  @ApiProperty(integer)
  free: number;

  @ApiProperty(integer)
  total: number;
}

class CpuDto {
  @ApiProperty(integer)
  cores: number;
}

class HardDriveDto {
  file: string;
  controller: string;
  pci_slot: number;
}

class ForwardingRuleDto {
  rule_name: string;

  @ApiProperty(integer)
  guest_port: number;

  /** 0: the host takes a free one. */
  @ApiProperty(integer)
  host_port: number;

  host_ip: string;
  protocol: string;
}

class NetworkCardDto {
  mode: string;

  /** Empty: made when a VM starts. */
  mac_address: string;

  pci_slot: number;

  @ApiProperty({ type: () => [ForwardingRuleDto] })
  port_forwarding_rules: ForwardingRuleDto[];
}

class FrameBufferDto {
  width: number;
  height: number;
  vnc_ip: string;
  vnc_port: number;
  password: string;
}

class DisplayDto {
  @ApiProperty({ type: () => FrameBufferDto })
  frame_buffer: FrameBufferDto;
}

class FirmwareDto {
  type: string;
}

/** How VMs of one version of a template are made. */
export class VmConfigurationDto {
  name: string;
  uuid: string;

  /** Such as 4G, or 512M when it is no whole number of GB. */
  ram: string;

  @ApiProperty({ type: () => CpuDto })
  cpu: CpuDto;

  @ApiProperty({ type: () => [HardDriveDto] })
  hard_drives: HardDriveDto[];

  @ApiProperty({ type: () => [NetworkCardDto] })
  network_cards: NetworkCardDto[];

  @ApiProperty({ type: 'object', additionalProperties: true })
  usb: Record<string, unknown>;

  @ApiProperty({ type: () => DisplayDto })
  display: DisplayDto;

  @ApiProperty({ type: () => FirmwareDto })
  firmware: FirmwareDto;

  nvram: string;

  /** Empty: the VM boots. */
  state_file: string;

  version: string;
}
