import { createHash } from 'node:crypto';
import type { AccessStore, Grantee, ResourceGrant } from '../access/access.js';
import type { CreateApiKey } from '../access/access-events.js';
import type { Cluster } from '../cluster.js';
import type { Command } from '../commands.js';
import type { DistributeTemplateToNodesCommand } from '../distribution/distribution-events.js';
import type { CreateGroupCommand, MembershipCommand } from '../group/group-events.js';
import type { ImageCommand, ImageReport } from '../image/image-events.js';
import type { VmId } from '../ids.js';
import type { NodeConfig, NodeFacts } from '../node/node.js';
import type { BlobRef } from '../template/template.js';
import type { PushTemplateCommand } from '../template/template-events.js';
import { type HostInstance, placementOf, type ScriptResult, type StartupScript, type VmRequest } from '../vm/vm.js';
import type { VmReport } from '../vm/vm-commands.js';
import type { UpdateWebhookCommand } from '../webhook/webhook-events.js';

/** Commands as they look in life, with only what matters to a test said in it. */

export const blob = (name: string, sizeBytes = 1024): BlobRef => ({
  digest: `sha256:${createHash('sha256').update(name).digest('hex')}`,
  sizeBytes,
});

export interface NodeSample {
  readonly facts?: Partial<NodeFacts>;
  readonly config?: Partial<NodeConfig>;
  readonly cached?: readonly { templateId: string; tag: string }[];
}

export const factsOf = (nodeId: string, changed: Partial<NodeFacts> = {}): NodeFacts => ({
  name: `name of ${nodeId}`,
  host: `${nodeId}.example`,
  arch: 'amd64',
  cpuCount: 8,
  memoryMiB: 18_432,
  driver: 'simulated',
  driverVersion: '1',
  agentVersion: '0.1.0',
  ...changed,
});

export const configOf = (changed: Partial<NodeConfig> = {}): NodeConfig => ({
  capacityMode: 'number',
  capacity: 2,
  vcpuOverride: 0,
  memoryMiBOverride: 0,
  drain: false,
  ...changed,
});

/** The node joins: amd64, 8 cores, 16 GiB to give, two slots. */
export const joins = (nodeId: string, { facts, config, cached = [] }: NodeSample = {}) =>
  ({
    type: 'RegisterNode',
    nodeId,
    facts: factsOf(nodeId, facts),
    config: configOf(config),
    cached,
  }) satisfies Command;

/** A version is pushed: amd64, 2 vCPUs, 2 GiB, ssh forwarded. */
export const push = (templateId: string, changed: Partial<PushTemplateCommand> = {}): PushTemplateCommand => ({
  type: 'PushTemplate',
  templateId,
  name: `template ${templateId}`,
  arch: 'amd64',
  tag: 'v1',
  description: '',
  disk: blob(`${templateId} ${changed.tag ?? 'v1'}`),
  cpu: 2,
  memoryMiB: 2048,
  forwards: [{ name: 'ssh', guestPort: 22 }],
  ...changed,
});

export const start = (vmIds: string | readonly string[], templateId: string, request: Partial<VmRequest> = {}) =>
  ({
    type: 'StartVM',
    vmIds: typeof vmIds === 'string' ? [vmIds] : vmIds,
    request: { templateId, ...request },
  }) satisfies Command;

export const terminate = (vmId: string) => ({ type: 'TerminateVM', vmId }) satisfies Command;
export const restart = (vmId: string) => ({ type: 'RestartVM', vmId }) satisfies Command;
export const timers = { type: 'RunTimers' } satisfies Command;
export const silent = (nodeId: string) => ({ type: 'MarkNodeSilent', nodeId, lastBeatAt: 0 }) satisfies Command;
export const heard = (nodeId: string) => ({ type: 'MarkNodeHeard', nodeId }) satisfies Command;

/** A group is made, named after its id. */
export const group = (groupId: string, changed: Partial<CreateGroupCommand> = {}): CreateGroupCommand => ({
  type: 'CreateGroup',
  groupId,
  name: `group ${groupId}`,
  description: '',
  ...changed,
});
export const addTo = (groupIds: readonly string[], nodeIds: readonly string[]): MembershipCommand => ({
  type: 'AddNodesToGroups',
  groupIds,
  nodeIds,
});
export const removeFrom = (groupIds: readonly string[], nodeIds: readonly string[]): MembershipCommand => ({
  type: 'RemoveNodesFromGroups',
  groupIds,
  nodeIds,
});
export const fillMacs = (from: string, to: string) => ({ type: 'FillMacPool', from, to }) satisfies Command;
export const purgeMacs = { type: 'PurgeMacPool' } satisfies Command;
export const deleteGroup = (groupId: string) => ({ type: 'DeleteGroup', groupId }) satisfies Command;
/** A key of the controller's that works until then, unix ms. */
export const apiKey = (keyId: string, expiresAt: number, changed: Partial<CreateApiKey> = {}): CreateApiKey => ({
  type: 'CreateApiKey',
  store: 'controller',
  keyId,
  publicKey: 'TUlJQklqQU5CZ2txaGtpRzl3MEJBUUVGQUFPQ0FROEE=',
  groups: [],
  expiresAt,
  ...changed,
});
export const deleteKey = (keyId: string, store: AccessStore = 'controller') =>
  ({ type: 'DeleteApiKey', store, keyId }) satisfies Command;
/** What a group may do, or, with `kind`, a user. */
export const allow = (name: string, permissions: readonly string[], kind: Grantee['kind'] = 'group') =>
  ({ type: 'SetGroupPermissions', store: 'controller', grantee: { kind, name }, permissions }) satisfies Command;
export const allowOn = (name: string, resources: readonly ResourceGrant[], kind: Grantee['kind'] = 'group') =>
  ({ type: 'SetResourcePermissions', store: 'controller', grantee: { kind, name }, resources }) satisfies Command;
export const disallow = (name: string, kind: Grantee['kind'] = 'group') =>
  ({ type: 'DeletePermissionGroup', store: 'controller', grantee: { kind, name } }) satisfies Command;

export const hook = (webhookId: string, name = `hook ${webhookId}`) =>
  ({ type: 'CreateWebhook', webhookId, name }) satisfies Command;
export const changeHook = (
  webhookId: string,
  changed: Partial<Omit<UpdateWebhookCommand, 'type' | 'webhookId'>>,
): UpdateWebhookCommand => ({ type: 'UpdateWebhook', webhookId, changed: [], ...changed });
export const disableHook = (webhookId: string, reason: string, expected?: number) =>
  ({ type: 'DisableWebhook', webhookId, reason, ...(expected !== undefined && { expected }) }) satisfies Command;
export const deleteHook = (webhookId: string) => ({ type: 'DeleteWebhook', webhookId }) satisfies Command;

export const unknownVms = (nodeId: string, vms: number) =>
  ({ type: 'ReportUnknownVMs', nodeId, vms }) satisfies Command;

/** The template's latest version goes to all nodes, unless the change says otherwise. */
export const distribute = (
  distributionId: string,
  templateId: string,
  changed: Partial<DistributeTemplateToNodesCommand> = {},
): DistributeTemplateToNodesCommand => ({ type: 'DistributeTemplateToNodes', distributionId, templateId, ...changed });
export const cancel = (distributionId: string) => ({ type: 'CancelDistribution', distributionId }) satisfies Command;
export const removeTemplate = (templateId: string, changed: { tag?: string; nodeIds?: readonly string[] } = {}) =>
  ({ type: 'RemoveTemplateFromNodes', templateId, ...changed }) satisfies Command;
export const has = (nodeId: string, templateId: string, tag = 'v1') =>
  ({ type: 'ReportTemplatePulled', nodeId, templateId, tag }) satisfies Command;
export const evicted = (nodeId: string, templateId: string, tag = 'v1') =>
  ({ type: 'ReportTemplateEvicted', nodeId, templateId, tag }) satisfies Command;
export const progressed = (nodeId: string, distributionId: string, progress: number) =>
  ({ type: 'ReportTemplatePullProgress', nodeId, distributionId, progress }) satisfies Command;
export const pullFailed = (nodeId: string, distributionId: string, message = 'no such blob') =>
  ({ type: 'ReportTemplatePullFailed', nodeId, distributionId, message }) satisfies Command;

export const configure = (nodeId: string, config: Partial<NodeConfig>) =>
  ({ type: 'ConfigNode', nodeId, config }) satisfies Command;

export const instance = (changed: Partial<HostInstance> = {}): HostInstance => ({
  uuid: 'uuid-1',
  name: 'vm on host',
  status: 'running',
  cpu: 2,
  memoryMiB: 2048,
  hostIp: '192.0.2.1',
  guestIp: '10.0.2.15',
  forwards: [{ name: 'ssh', guestPort: 22, hostPort: 10_022, protocol: 'tcp' }],
  createdAt: 1_000,
  startedAt: 2_000,
  ...changed,
});

export const scriptResult = (changed: Partial<ScriptResult> = {}): ScriptResult => ({
  returnCode: 0,
  didTimeout: false,
  stdout: 'done',
  stderr: '',
  ...changed,
});

export const script = (changed: Partial<StartupScript> = {}): StartupScript => ({
  ...blob('script'),
  when: 'network',
  monitored: true,
  timeoutMs: 90_000,
  onFailure: 'delete',
  ...changed,
});

/** What a report says besides whom it is about. */
type SeatReport = VmReport | ImageReport;
type Told = SeatReport extends infer Report
  ? Report extends unknown
    ? Omit<Report, 'nodeId' | 'vmId' | 'epoch'>
    : never
  : never;

/** The node that has the VM reports of it, under the epoch that is true then; without a seat, under one that never was. */
export const report =
  (vmId: string, told: Told, other: { nodeId?: string; epoch?: number } = {}) =>
  (cluster: Cluster): SeatReport => {
    const vm = cluster.vms.get(vmId as VmId);
    const seat = vm && placementOf(vm);
    return { nodeId: seat?.nodeId ?? 'no-node', epoch: seat?.epoch ?? -1, vmId, ...told, ...other };
  };

export const pulling = (vmId: string) => report(vmId, { type: 'ReportVMPulling' });
export const pulled = (vmId: string) => report(vmId, { type: 'ReportVMPulled' });
export const started = (vmId: string) => report(vmId, { type: 'ReportVMStarted', instance: instance() });
export const stopped = (vmId: string) =>
  report(vmId, { type: 'ReportVMStopped', instance: instance({ status: 'stopped', stoppedAt: 3_000 }) });
export const lost = (vmId: string) => report(vmId, { type: 'ReportVMLost', message: 'not on the host' });
export const terminated = (vmId: string) => report(vmId, { type: 'ReportVMTerminated' });
export const startFailed = (vmId: string, retryable = true) =>
  report(vmId, { type: 'ReportVMStartFailed', message: 'no luck', retryable });
/** How images are saved, unless a change says otherwise. */
export const SAVE_TERMS = {
  tag: 'saved',
  description: '',
  suspend: true,
  scriptTimeoutMs: 90_000,
  cancelOnScriptFailure: false,
  revertBeforePush: false,
  suspendSanityTest: false,
};
/** The VM becomes tag `saved` of template `t1`, unless the change says otherwise. */
export const save = (requestId: string, vmId: string, changed: Partial<ImageCommand> = {}): ImageCommand => ({
  type: 'SaveImage',
  requestId,
  vmId,
  target: { templateId: 't1' },
  ...SAVE_TERMS,
  ...changed,
});
export const revertTo = (templateId: string, changed: { tag?: string; version?: number } = {}) =>
  ({ type: 'RevertTemplate', templateId, ...changed }) satisfies Command;
export const saved = (vmId: string, requestId: string, disk: BlobRef = blob(`layer of ${vmId}`)) =>
  report(vmId, { type: 'ReportImageSaved', requestId, disk });
export const saveFailed = (vmId: string, requestId: string, error = 'disk full') =>
  report(vmId, { type: 'ReportImageSaveFailed', requestId, error });
export const restarted = (vmId: string, startedAt = 9_000) =>
  report(vmId, { type: 'ReportVMRestarted', instance: instance({ startedAt }), restarts: 1 });
