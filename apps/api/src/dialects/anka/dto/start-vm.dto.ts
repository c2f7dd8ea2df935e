import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import {
  DEFAULT_PRIORITY,
  MAX_EXTERNAL_ID_LENGTH,
  MAX_FORWARDS,
  MAX_MEMORY_MIB,
  MAX_NAME_LENGTH,
  MAX_PRIORITY,
  MAX_SCRIPT_TIMEOUT_MS,
  MAX_VCPU,
  MAX_VMS_PER_COMMAND,
} from '#domain';
import { DEFAULT_SCRIPT_TIMEOUT_S, MAX_SCRIPT_TEXT_LENGTH } from '../translate/script.js';
import {
  OptionalFlag,
  OptionalInteger,
  OptionalObject,
  OptionalText,
  Passthrough,
  RequiredInteger,
  RequiredText,
} from './lenient.dto.js';

const MAX_PORT = 65_535;
const MAX_VERSION = 1_000_000;

/** A port of the guest that is reachable through the host. */
export class ForwardDto {
  @RequiredText({ maxLength: MAX_NAME_LENGTH })
  name: string;

  /** Also accepted as text. */
  @RequiredInteger(1, MAX_PORT)
  guest_port: number;

  /** Accepted, not acted on: the node listens on its own address. */
  @Passthrough()
  host_ip?: string;

  /** Also accepted as text. 0 or absent: the host allocates one. */
  @OptionalInteger(0, MAX_PORT)
  host_port?: number;
}

/** Body of POST /api/v1/vm. Empty texts and nulls count as absent, unknown fields are ignored. */
export class StartVmDto {
  /** Id of the template. */
  @RequiredText()
  vmid: string;

  /** A tag of the template. Absent: the latest version. */
  @OptionalText()
  tag?: string;

  /** A version number of the template, from 0, instead of a tag. */
  @OptionalInteger(0, MAX_VERSION)
  version?: number;

  /** Need not be unique. */
  @OptionalText({ maxLength: MAX_NAME_LENGTH })
  name?: string;

  /** The caller's own reference, e.g. the URL of a CI job. Need not be unique. */
  @OptionalText({ maxLength: MAX_EXTERNAL_ID_LENGTH })
  external_id?: string;

  /** Instances to start: all of them or none. */
  @OptionalInteger(1, MAX_VMS_PER_COMMAND, 1)
  count?: number;

  /** Start on this node only. */
  @OptionalText()
  node_id?: string;

  /** Base64 of a script that is run in the VM. Kept apart from all records: it may hold secrets. */
  @OptionalText({ maxLength: MAX_SCRIPT_TEXT_LENGTH })
  startup_script?: string;

  /** 0: run the script when the network of the VM is up. 1: right after boot. */
  @OptionalInteger(0, 1, 0)
  startup_script_condition?: number;

  /** Whether the VM counts as started only when the script ended well; its result is then shown. */
  @OptionalFlag(false)
  script_monitoring?: boolean;

  /** Seconds after which a monitored script has failed. 0 or absent: the default. */
  @OptionalInteger(0, MAX_SCRIPT_TIMEOUT_MS / 1000, DEFAULT_SCRIPT_TIMEOUT_S)
  script_timeout?: number;

  /** What to do with the VM when a monitored script failed. 0: stop it. 1: keep it. 2: delete it. */
  @OptionalInteger(0, 2, 0)
  script_fail_handler?: number;

  /** Name on the host, with $template_name, $template_id, $instance_id, $node_id, $node_name, $ts. */
  @OptionalText({ maxLength: MAX_NAME_LENGTH })
  name_template?: string;

  /** Id or name of a group: start on its nodes only, or on those of its fallback. */
  @OptionalText()
  group_id?: string;

  /** Permission group; not acted on. */
  @Passthrough()
  group?: string;

  /** Lower is more urgent. 0 or absent: the default. */
  @OptionalInteger(0, MAX_PRIORITY, DEFAULT_PRIORITY)
  priority?: number;

  /** Virtual CPUs. 0 or absent: as the template says. */
  @OptionalInteger(0, MAX_VCPU)
  vcpu?: number;

  /** Memory in MB. 0 or absent: as the template says. */
  @OptionalInteger(0, MAX_MEMORY_MIB)
  vram?: number;

  /** Values are texts, numbers or booleans. */
  @OptionalObject()
  metadata?: Record<string, unknown>;

  /** Replaces all rules of the template. */
  @ApiPropertyOptional({ type: () => [ForwardDto], maxItems: MAX_FORWARDS })
  @IsOptional()
  @IsArray({ message: `$property must be an array of at most ${MAX_FORWARDS} rules` })
  @ArrayMaxSize(MAX_FORWARDS, { message: `$property must be an array of at most ${MAX_FORWARDS} rules` })
  @ValidateNested({ each: true, message: '$property must be an array of objects' })
  @Type(() => ForwardDto)
  port_forwarding_override?: ForwardDto[];

  /** Name of a group of USB devices, or the id of one. Noted and not waited for when no node has such a device. */
  @Passthrough()
  usb_device?: string | number;

  /** Six hexadecimal pairs with colons; held by one instance at a time. Anything else is noted and not acted on. */
  @Passthrough()
  mac_address?: string;

  /** A network that the node must be part of. Noted and not waited for when no node is. */
  @Passthrough()
  vlan_tag?: string | number;

  /** Accepted, not acted on. */
  @Passthrough()
  video_controller?: string;

  /** Accepted, not acted on. */
  @Passthrough()
  hvapic?: string;

  /** Accepted, not acted on. */
  @Passthrough()
  csr_active_config?: string;

  /** Accepted, not acted on. */
  @Passthrough()
  network_local?: string;

  /** Accepted, not acted on. */
  @Passthrough()
  hw_serial?: string;

  /** Accepted, not acted on. */
  @Passthrough()
  hw_uuid?: string;

  /** Accepted, not acted on. */
  @Passthrough()
  network_mode?: string;

  /** `{size, skip_container_resize}`. Accepted, not acted on; `{}` means no change. */
  @OptionalObject()
  disk?: Record<string, unknown>;
}
