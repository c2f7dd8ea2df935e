import {
  ARCHITECTURES,
  CAPACITY_MODES,
  type CachedTemplate,
  type Command,
  type CommandType,
  type Forward,
  type ForwardRule,
  type HostInstance,
  LICENCES,
  type NodeConfig,
  type NodeFacts,
  type Policy,
  PROFILES,
  type StartupScript,
  type UsbDevice,
  type VmRequest,
} from '#domain';
import { BLOB, IMAGE_SHAPES, RESULT, VM_REPORT } from './image-shapes.js';
import { ACCESS_SHAPES } from './access-shapes.js';
import { WEBHOOK_SHAPES } from './webhook-shapes.js';
import {
  type Check,
  type Fields,
  listOf,
  nullable,
  number,
  oneOf,
  optional,
  record,
  scalar,
  text,
  truth,
  valuesOf,
} from './shape.js';

const METADATA = valuesOf(scalar);
const LABELS = valuesOf(text);
const RESOURCES = valuesOf(number);
const FORWARDS = listOf(record<ForwardRule>({ name: text, guestPort: number, hostPort: optional(number) }));

const SCRIPT = record<StartupScript>({
  digest: text,
  sizeBytes: number,
  when: oneOf('network', 'boot'),
  monitored: truth,
  timeoutMs: number,
  onFailure: oneOf('stop', 'keep', 'delete'),
});

const REQUEST = record<VmRequest>({
  templateId: text,
  tag: optional(text),
  version: optional(number),
  name: optional(text),
  externalId: optional(text),
  metadata: optional(METADATA),
  priority: optional(number),
  nodeId: optional(text),
  groupId: optional(text),
  vcpu: optional(number),
  memoryMiB: optional(number),
  nameTemplate: optional(text),
  forwards: optional(FORWARDS),
  script: optional(SCRIPT),
  usbDevice: optional(text),
  labels: optional(LABELS),
  resources: optional(RESOURCES),
  nodeTag: optional(text),
  nodeTagRequired: optional(truth),
  macAddress: optional(text),
  vlan: optional(text),
  passthrough: optional(valuesOf(() => undefined)),
});

const INSTANCE = record<HostInstance>({
  uuid: text,
  name: text,
  status: oneOf('running', 'stopped'),
  cpu: number,
  memoryMiB: number,
  hostIp: text,
  guestIp: text,
  forwards: listOf(record<Forward>({ name: text, guestPort: number, hostPort: number, protocol: oneOf('tcp') })),
  createdAt: number,
  startedAt: number,
  stoppedAt: optional(number),
});

const FACTS = record<NodeFacts>({
  name: text,
  host: text,
  arch: oneOf(...ARCHITECTURES),
  cpuCount: number,
  memoryMiB: number,
  driver: text,
  driverVersion: text,
  agentVersion: text,
  licence: optional(oneOf(...LICENCES)),
  os: optional(text),
  diskBytes: optional(number),
  usbDevices: optional(listOf(record<UsbDevice>({ id: text, group: text }))),
  labels: optional(LABELS),
  resources: optional(RESOURCES),
  vlans: optional(listOf(text)),
});

const CONFIG_FIELDS: Fields<NodeConfig> = {
  capacityMode: oneOf(...CAPACITY_MODES),
  capacity: number,
  vcpuOverride: number,
  memoryMiBOverride: number,
  drain: truth,
  reservePercent: optional(number),
  tags: optional(listOf(text)),
  ignoreAppleLimit: optional(truth),
};

/** Any of the fields. */
const CONFIG_CHANGE = record<NodeConfig>({
  capacityMode: optional(CONFIG_FIELDS.capacityMode),
  capacity: optional(CONFIG_FIELDS.capacity),
  vcpuOverride: optional(CONFIG_FIELDS.vcpuOverride),
  memoryMiBOverride: optional(CONFIG_FIELDS.memoryMiBOverride),
  drain: optional(CONFIG_FIELDS.drain),
  reservePercent: CONFIG_FIELDS.reservePercent,
  tags: CONFIG_FIELDS.tags,
  ignoreAppleLimit: CONFIG_FIELDS.ignoreAppleLimit,
});

const POLICY = record<Policy>({
  terminatedVisibleMs: optional(number),
  nodeSilentMs: optional(number),
  startLimitMs: optional(number),
  profile: optional(oneOf(...PROFILES)),
  ageingMsPerPoint: optional(number),
  cachedNodeWaitMs: optional(number),
  cachedOvertakeMs: optional(number),
  preemptionGap: optional(number),
  lostAfterMs: optional(number),
  pullLimitMs: optional(number),
  saveLimitMs: optional(number),
  saveVisibleMs: optional(number),
  apiKeyCleaningMs: optional(number),
});

/** What the fields of each command must be before the domain may look at it; ranges and meanings are the domain's. */
const SHAPES: { readonly [Type in CommandType]: Fields<Omit<Extract<Command, { type: Type }>, 'type'>> } = {
  ...ACCESS_SHAPES,
  ...WEBHOOK_SHAPES,
  StartVM: { vmIds: listOf(text), request: REQUEST, lenient: optional(truth) },
  UpdateVM: { vmId: text, name: optional(text), externalId: optional(text), metadata: optional(METADATA) },
  RestartVM: { vmId: text },
  TerminateVM: { vmId: text },
  ConfigNode: { nodeId: text, name: optional(text), host: optional(text), config: CONFIG_CHANGE },
  DeleteNode: { nodeId: text },
  CreateGroup: { groupId: text, name: text, description: text, fallbackGroupId: optional(text) },
  UpdateGroup: {
    groupId: text,
    name: optional(text),
    description: optional(text),
    fallbackGroupId: optional(nullable(text)),
  },
  DeleteGroup: { groupId: text },
  AddNodesToGroups: { groupIds: listOf(text), nodeIds: listOf(text) },
  RemoveNodesFromGroups: { groupIds: listOf(text), nodeIds: listOf(text) },
  PushTemplate: {
    templateId: text,
    name: text,
    arch: oneOf(...ARCHITECTURES),
    tag: text,
    description: text,
    disk: BLOB,
    kernel: optional(BLOB),
    initrd: optional(BLOB),
    cmdline: optional(text),
    cpu: number,
    memoryMiB: number,
    forwards: FORWARDS,
  },
  DeleteRegistryVm: { templateId: text },
  RevertTemplate: { templateId: text, tag: optional(text), version: optional(number) },
  SetTemplateArch: { templateId: text, arch: oneOf(...ARCHITECTURES) },
  RemoveTemplateFromNodes: { templateId: text, tag: optional(text), nodeIds: optional(listOf(text)) },
  DistributeTemplateToNodes: {
    distributionId: text,
    templateId: text,
    tag: optional(text),
    version: optional(number),
    nodeIds: optional(listOf(text)),
    groupId: optional(text),
  },
  CancelDistribution: { distributionId: text },
  FillMacPool: { from: text, to: text },
  PurgeMacPool: {},
  ...IMAGE_SHAPES,
  RunTimers: { nodesWait: optional(truth) },
  SetPolicy: { policy: POLICY },
  MarkNodeSilent: { nodeId: text, lastBeatAt: number },
  MarkNodeHeard: { nodeId: text },
  RegisterNode: {
    nodeId: text,
    facts: FACTS,
    config: record<NodeConfig>(CONFIG_FIELDS),
    cached: listOf(record<CachedTemplate>({ templateId: text, tag: text })),
    unknownVms: optional(number),
  },
  UnregisterNode: { nodeId: text },
  ReportTemplatePulled: { nodeId: text, templateId: text, tag: text },
  ReportUnknownVMs: { nodeId: text, vms: number },
  ReportTemplateEvicted: { nodeId: text, templateId: text, tag: text },
  ReportTemplatePullProgress: { nodeId: text, distributionId: text, progress: number },
  ReportTemplatePullFailed: { nodeId: text, distributionId: text, message: text },
  ReportVMPulling: VM_REPORT,
  ReportVMPulled: VM_REPORT,
  ReportVMStarted: { ...VM_REPORT, instance: INSTANCE, script: optional(RESULT) },
  ReportVMStartFailed: {
    ...VM_REPORT,
    message: text,
    retryable: truth,
    script: optional(RESULT),
    instance: optional(INSTANCE),
  },
  ReportVMRestarted: { ...VM_REPORT, instance: INSTANCE, restarts: number },
  ReportVMStopped: { ...VM_REPORT, instance: INSTANCE },
  ReportVMLost: { ...VM_REPORT, message: text },
  ReportVMTerminated: VM_REPORT,
};

/** Made once: there are thousands of commands a second. */
const CHECKS = Object.fromEntries(
  Object.entries(SHAPES).map(([type, fields]) => [type, record(fields as Fields<unknown>)]),
) as Record<CommandType, Check>;

/**
 * Says what is wrong with the shape of a command that came from outside, all the way down, or undefined. Doors check their clients'
 * input in full; this is the last gate before the decider, for NATS clients that write anything they like. What passes here neither
 * breaks the decider nor, as part of an event, anybody who reads the log.
 */
export function checkCommand(command: Command): string | undefined {
  return CHECKS[command.type](command, command.type);
}
