import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const integer = { type: 'integer', minimum: 0 } as const;
const time = { type: 'string', format: 'date-time' } as const;

export const INSTANCE_STATES = [
  'Scheduling',
  'Pulling',
  'Started',
  'Stopping',
  'Stopped',
  'Terminating',
  'Terminated',
  'Error',
  'Pushing',
] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

/** A port of the guest and where it is reached on the host. */
export class PortForwardingDto {
  @ApiProperty(integer)
  guest_port: number;

  @ApiProperty(integer)
  host_port: number;

  @ApiProperty({ enum: ['tcp'] })
  protocol: 'tcp';

  name: string;

  /** The same as `name`, for older clients. */
  rule_name: string;
}

/** The VM as its host describes it. */
export class VmInfoDto {
  uuid: string;
  name: string;

  @ApiProperty({ enum: ['running', 'stopped'] })
  status: 'running' | 'stopped';

  version: string;

  @ApiProperty(time)
  creation_date: string;

  @ApiProperty(time)
  access_date: string;

  /** Changes with each restart. */
  @ApiProperty(time)
  start_date: string;

  /** The zero time while it runs. */
  @ApiProperty(time)
  stop_date: string;

  /** When its node last reported. */
  @ApiProperty(time)
  timestamp: string;

  @ApiProperty(integer)
  cpu_cores: number;

  /** E.g. `4G`, or `512M`. */
  ram: string;

  node_id: string;

  /** Address that clients connect to; empty until it is up. */
  host_ip: string;

  /** Address of the guest; empty until it is known. */
  ip: string;

  @ApiProperty(integer)
  vnc_port: number;

  @ApiPropertyOptional({ type: () => [PortForwardingDto] })
  port_forwarding?: PortForwardingDto[];
}

/** How a monitored startup script ended. */
export class ScriptResultDto {
  /** −1 when it timed out. */
  @ApiProperty({ type: 'integer' })
  return_code: number;

  did_timeout: boolean;
  stdout: string;
  stderr: string;
}

/** A start that failed and was followed by another attempt. */
export class StartAttemptDto {
  node_id: string;
  message: string;

  @ApiProperty(time)
  ts: string;
}

/** A VM. Optional fields are left out when there is nothing to say; they are never null. */
export class InstanceDto {
  instance_id: string;

  @ApiProperty({ enum: INSTANCE_STATES })
  instance_state: InstanceState;

  /** Why it failed or ended. */
  message?: string;

  anka_registry: string;

  /** Id of the template. */
  vmid: string;

  tag?: string;

  @ApiPropertyOptional(integer)
  version?: number;

  @ApiPropertyOptional({ type: () => VmInfoDto })
  vminfo?: VmInfoDto;

  node_id?: string;

  /** Id of the request that started it. */
  inflight_reqid: string;

  /** Last change. */
  @ApiProperty(time)
  ts: string;

  /** Creation. */
  @ApiProperty(time)
  cr_time: string;

  /** 0 to 1 while the template is pulled, else 0. */
  @ApiProperty({ type: 'number', minimum: 0, maximum: 1 })
  progress: number;

  name?: string;
  external_id?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  metadata?: Record<string, string | number | boolean>;

  @ApiProperty({ enum: ['amd64', 'arm64'] })
  arch: 'amd64' | 'arm64';

  /** The group that must run it. */
  group_id?: string;

  /** Upper case. */
  mac_address?: string;

  /** Group or id of the USB device that was asked for. */
  usb_device?: string;

  /** Empty: none. */
  vlan: string;

  @ApiPropertyOptional({ type: () => ScriptResultDto })
  startup_script?: ScriptResultDto;

  /** An addition of Muster's, only in the answer for one instance: starts that failed before, oldest first. */
  @ApiPropertyOptional({ type: () => [StartAttemptDto] })
  attempts?: StartAttemptDto[];
}

/** An element of the list of instances. */
export class ListedInstanceDto {
  instance_id: string;

  @ApiProperty({ type: 'string', nullable: true })
  external_id: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  name: string | null;

  vm: InstanceDto;
}
