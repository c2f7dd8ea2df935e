import type { BlobRef, ImageCommand, RevertTemplateCommand, SaveTarget } from '#domain';
import type { ImageRow } from '../../../views/index.js';
import type { ImageDto, ImageOrderDto, RevertDto, SaveImageDto } from '../dto/image.dto.js';
import { BadInput } from '../failure.js';

/** The vendor names none; clients send scripts that wait a minute for the disk. */
const SCRIPT_TIMEOUT_MS = 3600_000;

export function toSaveImage(dto: SaveImageDto, requestId: string, target: SaveTarget, script?: BlobRef): ImageCommand {
  return {
    type: 'SaveImage',
    requestId,
    vmId: dto.id,
    target,
    tag: dto.tag,
    description: dto.description ?? '',
    suspend: dto.suspend ?? true,
    ...(script && { script }),
    scriptTimeoutMs: SCRIPT_TIMEOUT_MS,
    cancelOnScriptFailure: dto.cancel_on_script_failure ?? false,
    revertBeforePush: dto.revert_before_push ?? false,
    ...(dto.revert_tag !== undefined && { revertTag: dto.revert_tag }),
    suspendSanityTest: dto.do_suspend_sanity_test ?? false,
  };
}

/** Throws {@link BadInput} unless the request names one target. */
export function targetOf({ target_vm_id, new_template_name }: SaveImageDto, newTemplateId: string): SaveTarget {
  if (target_vm_id !== undefined && new_template_name !== undefined)
    throw new BadInput('target_vm_id and new_template_name must not be given together');
  if (target_vm_id !== undefined) return { templateId: target_vm_id };
  if (new_template_name !== undefined) return { newTemplateId, newTemplateName: new_template_name };
  throw new BadInput('target_vm_id or new_template_name must be given');
}

export function toRevert(templateId: string, { tag, version, number }: RevertDto): RevertTemplateCommand {
  const meant = version ?? number;
  return {
    type: 'RevertTemplate',
    templateId,
    ...(tag !== undefined && { tag }),
    ...(meant !== undefined && { version: meant }),
  };
}

/** A save as the vendor shows it (anka.md §3.9). */
export function imageOf(row: ImageRow, registry: string): ImageDto {
  const { id, state, error, script } = row;
  return {
    id,
    status: state,
    error: error === undefined ? null : { Code: 0, Message: error },
    script_result:
      script === undefined
        ? null
        : {
            return_code: script.returnCode,
            did_timeout: script.didTimeout,
            stdout: script.stdout,
            stderr: script.stderr,
            errors: null,
          },
    request: orderOf(row, registry),
  };
}

/** Nothing is reserved, so nothing expires. */
const NEVER_RESERVED = 0;

function orderOf({ id, order, requestedAt }: ImageRow, registry: string): ImageOrderDto {
  return {
    RequestId: id,
    Priority: order.priority,
    Timestamp: Math.floor(requestedAt / 1000),
    ReserveExpiryTimestamp: NEVER_RESERVED,
    RegistryAddr: registry,
    VMID: order.hostUuid,
    InstanceID: order.vmId,
    NodeID: order.nodeId,
    TemplateID: order.templateId,
    NewTemplateName: order.isNewTemplate ? order.templateName : '',
    Tag: order.tag,
    Description: order.description,
    Suspend: order.suspend,
    Script: order.script?.digest ?? '',
    DoSuspendTest: order.suspendSanityTest,
    RevertBeforePush: order.revertBeforePush,
    RevertTag: order.revertTag ?? '',
    CancelOnScriptFailure: order.cancelOnScriptFailure,
  };
}
