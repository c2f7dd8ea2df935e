import { MAX_EXTERNAL_ID_LENGTH, MAX_MEMORY_MIB, MAX_NAME_LENGTH, MAX_NODE_CAPACITY, MAX_VCPU } from '#domain';
import { OptionalFlag, OptionalInteger, OptionalObject, OptionalText, Passthrough } from './lenient.dto.js';

/** Body of PUT /api/v1/vm. What is absent stays as it is. */
export class UpdateVmDto {
  @OptionalText({ maxLength: MAX_NAME_LENGTH })
  name?: string;

  @OptionalText({ maxLength: MAX_EXTERNAL_ID_LENGTH })
  external_id?: string;

  /** Keys are merged with those that are there. Values are texts, numbers or booleans. */
  @OptionalObject()
  metadata?: Record<string, unknown>;
}

/** Body of POST /api/v1/node/config. What is absent stays as it is. */
export class ConfigNodeDto {
  @OptionalText()
  node_id?: string;

  /** VMs at once, in capacity mode `number`. */
  @OptionalInteger(0, MAX_NODE_CAPACITY)
  max_vm_count?: number;

  /** Shown name of the node. */
  @OptionalText({ maxLength: MAX_NAME_LENGTH })
  name?: string;

  /** Address at which clients reach the node. */
  @OptionalText({ maxLength: MAX_NAME_LENGTH })
  host?: string;

  @OptionalText({ values: ['number', 'resource'] })
  capacity_mode?: 'number' | 'resource';

  /** Virtual CPUs at once, in capacity mode `resource`. 0: derived from the node's cores. */
  @OptionalInteger(0, MAX_VCPU)
  vcpu_override?: number;

  /** Memory in GB for VMs, in capacity mode `resource`. 0: derived from the node's memory. */
  @OptionalInteger(0, MAX_MEMORY_MIB / 1024)
  ram_override?: number;

  /** Accepted, not acted on. */
  @OptionalFlag()
  disable_central_logging?: boolean;

  /** Take no new VMs; running ones stay. */
  @OptionalFlag()
  drain_mode?: boolean;
}

/** Body of POST /api/v1/rpc/vm/restart. */
export class RestartVmDto {
  /** Also accepted as `id`, and in the query. */
  @OptionalText()
  instance_id?: string;

  /** Accepted, not acted on: the instance keeps the device that it has. */
  @Passthrough()
  usb_device?: string;
}

/** Body of DELETE /api/v1/vm. */
export class DeleteVmDto {
  /** Also accepted in the query. */
  @OptionalText()
  id?: string;
}

/** Body of DELETE /api/v1/node. */
export class DeleteNodeDto {
  /** Also accepted as `id`, and in the query. */
  @OptionalText()
  node_id?: string;
}
