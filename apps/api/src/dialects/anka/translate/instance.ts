import type { ScriptResult } from '#domain';
import type { VmRow } from '../../../views/index.js';
import type { InstanceDto, InstanceState, ListedInstanceDto, ScriptResultDto } from '../dto/instance.dto.js';
import { macOf } from './macs.js';
import { timeOf } from './time.js';
import { vmInfoOf } from './vm-info.js';

/** What an instance's answer needs beyond its row. */
export interface Moment {
  /** Registry URL to show. */
  readonly registry: string;
  /** How far the pull is that the VM waits for, 0–1. */
  pullProgress(vmId: string): number | undefined;
  /** When the node was last heard, unix ms. */
  heardAt(nodeId: string): number | undefined;
}

/** A VM as GET vm?id= shows it: with the starts that failed, which the vendor's own answer does not have. */
export function singleInstanceOf(row: VmRow, moment: Moment): InstanceDto {
  const attempts = row.attempts.map(({ nodeId, message, at }) => ({ node_id: nodeId, message, ts: timeOf(at) }));
  return { ...instanceOf(row, moment), ...(attempts.length > 0 && { attempts }) };
}

/** A VM as the vendor shows it (anka.md §3.2). What is unknown is left out, never null. */
export function instanceOf(row: VmRow, moment: Moment): InstanceDto {
  return {
    instance_id: row.id,
    instance_state: stateOf(row),
    ...(row.message !== undefined && row.message !== '' && { message: row.message }),
    anka_registry: moment.registry,
    vmid: row.image.templateId,
    tag: row.image.tag,
    ...(row.request.version !== undefined && { version: row.request.version }),
    ...(row.instance && row.nodeId !== undefined && { vminfo: vmInfoOf(row, row.instance, row.nodeId, moment) }),
    ...(row.nodeId !== undefined && { node_id: row.nodeId }),
    inflight_reqid: row.acceptedCommandId,
    ts: timeOf(row.updatedAt),
    cr_time: timeOf(row.createdAt),
    progress: stateOf(row) === 'Pulling' ? fraction(moment.pullProgress(row.id) ?? 0) : 0,
    ...(row.request.groupId !== undefined && { group_id: row.request.groupId }),
    ...(row.name && { name: row.name }),
    ...(row.externalId && { external_id: row.externalId }),
    ...(Object.keys(row.metadata).length > 0 && { metadata: row.metadata }),
    arch: row.image.arch,
    ...(macOf(row) !== undefined && { mac_address: macOf(row)?.toUpperCase() }),
    ...(row.request.usbDevice !== undefined && { usb_device: row.request.usbDevice }),
    vlan: row.request.vlan ?? '',
    ...(row.script && { startup_script: scriptOf(row.script) }),
  };
}

/** A VM as an element of GET vm (anka.md §3.1): clients look for its names outside as well as inside. */
export function listedInstanceOf(row: VmRow, moment: Moment): ListedInstanceDto {
  return {
    instance_id: row.id,
    external_id: row.externalId || null,
    name: row.name || null,
    vm: instanceOf(row, moment),
  };
}

const STATES: Record<VmRow['phase'], InstanceState> = {
  pending: 'Scheduling',
  assigned: 'Scheduling',
  running: 'Started',
  stopped: 'Stopped',
  pushing: 'Pushing',
  failed: 'Error',
  terminating: 'Terminating',
  terminated: 'Terminated',
};

function stateOf(row: VmRow): InstanceState {
  return row.phase === 'assigned' && row.pulling ? 'Pulling' : STATES[row.phase];
}

function scriptOf(script: ScriptResult): ScriptResultDto {
  return {
    return_code: script.returnCode,
    did_timeout: script.didTimeout,
    stdout: script.stdout,
    stderr: script.stderr,
  };
}

const fraction = (value: number): number => Math.min(1, Math.max(0, value));
