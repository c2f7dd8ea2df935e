import { isId, type VmId, vmId } from '../ids.js';
import {
  MAX_EXTERNAL_ID_LENGTH,
  MAX_MEMORY_MIB,
  MAX_NAME_LENGTH,
  MAX_PRIORITY,
  MAX_VCPU,
  MAX_VMS_PER_COMMAND,
  MIN_MEMORY_MIB,
  MIN_PRIORITY,
} from '../limits.js';
import { groupChain } from '../group/group.js';
import { refuseUnknownGroup } from '../group/group-rules.js';
import type { Arch, Node } from '../node/node.js';
import { outOfRange, type Refusal } from '../refusal.js';
import { findVersion, type Template, type TemplateVersion } from '../template/template.js';
import { refuseVersion } from '../template/template-rules.js';
import type { Turn } from '../turn.js';
import { refuseClaims } from './claim-rules.js';
import { withinReach } from './lenient-claims.js';
import { checkForwards, checkMetadata, checkScript, tooLong } from './request-rules.js';
import type { VmRequest } from './vm.js';
import type { VmCommand } from './vm-commands.js';

/** Accepts VMs into the queue: all that the command names, or none. Placement follows in the same turn. */
export function startVm(turn: Turn, command: Extract<VmCommand, { type: 'StartVM' }>): Refusal | undefined {
  const { vmIds, request: asked } = command;
  const template = turn.cluster.templates.get(asked.templateId as Template['id']);
  const version = template && findVersion(template, asked.tag, asked.version);
  const refusal = turn.resumed ? undefined : refuse(turn, vmIds, asked, template, version);
  if (refusal !== undefined) return refusal;
  if (version === undefined) return undefined;
  const request = command.lenient === true ? withinReach(turn.cluster, asked, version.image.arch) : asked;
  for (const id of vmIds) {
    if (turn.cluster.vms.has(id as VmId)) continue;
    turn.emit({
      type: 'StartVM',
      vmId: vmId(id),
      request,
      image: version.image,
      cpu: request.vcpu ?? version.cpu,
      memoryMiB: request.memoryMiB ?? version.memoryMiB,
      forwards: request.forwards ?? version.forwards,
    });
  }
  return undefined;
}

function refuse(
  turn: Turn,
  vmIds: readonly string[],
  request: VmRequest,
  template: Template | undefined,
  version: TemplateVersion | undefined,
): Refusal | undefined {
  return (
    refuseIds(turn, vmIds) ??
    refuseVersion(request, template, version) ??
    refuseTarget(turn, request, version?.image.arch) ??
    refuseShape(request)
  );
}

function refuseIds(turn: Turn, vmIds: readonly string[]): Refusal | undefined {
  const count = outOfRange('count', vmIds.length, 1, MAX_VMS_PER_COMMAND);
  if (count !== undefined) return count;
  if (vmIds.length > 1 && new Set(vmIds).size !== vmIds.length)
    return { code: 'INVALID', field: 'vmIds', message: 'must not repeat an id' };
  for (const id of vmIds) {
    if (!isId(id)) return { code: 'INVALID', field: 'vmIds', message: `"${id}" is not a valid id` };
    if (turn.cluster.vms.has(id as VmId)) return { code: 'VM_EXISTS', vmId: id };
  }
  return undefined;
}

function refuseTarget(turn: Turn, request: VmRequest, arch?: Arch): Refusal | undefined {
  const node = request.nodeId === undefined ? undefined : turn.cluster.nodes.get(request.nodeId as never);
  if (request.nodeId !== undefined && (node === undefined || node.deleted))
    return { code: 'NODE_UNKNOWN', nodeId: request.nodeId };
  const unknown = request.groupId === undefined ? undefined : refuseUnknownGroup(turn.cluster, request.groupId);
  if (node === undefined || unknown !== undefined) return unknown;
  return refusePin(turn, request, node, arch);
}

/** A VM that asks for a node must be one that this node could ever run: else it would wait for ever. */
function refusePin(turn: Turn, { groupId }: VmRequest, node: Node, arch?: Arch): Refusal | undefined {
  const no = (message: string): Refusal => ({
    code: 'INVALID',
    field: 'node_id',
    message: `is ${node.id}, ${message}`,
  });
  if (node.facts.arch !== arch) return no(`which is ${node.facts.arch}: must be ${arch} as the template is`);
  if (groupId === undefined || groupChain(turn.cluster, groupId).some((id) => node.groups.has(id))) return undefined;
  return no(`which is neither in group ${groupId} nor in one that it falls back to`);
}

function refuseShape(request: VmRequest): Refusal | undefined {
  const { priority, vcpu, memoryMiB } = request;
  return (
    (priority === undefined ? undefined : outOfRange('priority', priority, MIN_PRIORITY, MAX_PRIORITY)) ??
    (vcpu === undefined ? undefined : outOfRange('vcpu', vcpu, 1, MAX_VCPU)) ??
    (memoryMiB === undefined ? undefined : outOfRange('memoryMiB', memoryMiB, MIN_MEMORY_MIB, MAX_MEMORY_MIB)) ??
    tooLong('name', request.name, MAX_NAME_LENGTH) ??
    tooLong('nameTemplate', request.nameTemplate, MAX_NAME_LENGTH) ??
    tooLong('externalId', request.externalId, MAX_EXTERNAL_ID_LENGTH) ??
    checkMetadata(request.metadata) ??
    checkForwards(request.forwards) ??
    checkScript(request.script) ??
    refuseClaims(request)
  );
}
