import { apiKeyId, type Command, type CommandType, type DomainEvent, type EventType } from '#domain';
import { permissionGroupId, type Report } from '#domain';
import { ACCESS_COMMANDS, ACCESS_EVENTS } from './access-catalogue.js';
import { WEBHOOK_COMMANDS, WEBHOOK_EVENTS } from './webhook-catalogue.js';

export type Noun =
  | 'vm'
  | 'node'
  | 'group'
  | 'template'
  | 'distribution'
  | 'image'
  | 'macPool'
  | 'apikey'
  | 'permission'
  | 'webhook'
  | 'cluster';

/** Who may send a command: a door or NATS client, a node about itself, or the control plane to itself. */
export type CommandOrigin = 'api' | 'node' | 'control-plane';

interface CommandEntry {
  readonly noun: Noun;
  readonly origin: CommandOrigin;
  readonly meaning: string;
}

/** Every command and report. Adding one to the domain without an entry here does not compile. */
export const COMMANDS: Record<CommandType, CommandEntry> = {
  ...ACCESS_COMMANDS,
  ...WEBHOOK_COMMANDS,
  StartVM: { noun: 'vm', origin: 'api', meaning: 'Start VMs from a template: all of them or none.' },
  UpdateVM: { noun: 'vm', origin: 'api', meaning: 'Change name, external id or metadata of a VM.' },
  RestartVM: { noun: 'vm', origin: 'api', meaning: 'Stop a running VM by force and boot it again on its node.' },
  TerminateVM: { noun: 'vm', origin: 'api', meaning: 'End a VM for good.' },
  ConfigNode: { noun: 'node', origin: 'api', meaning: 'Change capacity, drain mode, name or address of a node.' },
  DeleteNode: { noun: 'node', origin: 'api', meaning: 'Take a dead node out of the fleet; its VMs are lost.' },
  CreateGroup: { noun: 'group', origin: 'api', meaning: 'Make a group of nodes, without members.' },
  UpdateGroup: { noun: 'group', origin: 'api', meaning: 'Change name, description or fallback of a group.' },
  DeleteGroup: { noun: 'group', origin: 'api', meaning: 'Take a group away; its nodes stay.' },
  AddNodesToGroups: { noun: 'group', origin: 'api', meaning: 'Each of the nodes joins each of the groups.' },
  RemoveNodesFromGroups: { noun: 'group', origin: 'api', meaning: 'Each of the nodes leaves each of the groups.' },
  PushTemplate: { noun: 'template', origin: 'api', meaning: 'Add a version to a template.' },
  DeleteRegistryVm: { noun: 'template', origin: 'api', meaning: 'Take a template out of the registry.' },
  RevertTemplate: { noun: 'template', origin: 'api', meaning: 'Take a version and all newer ones off a template.' },
  SetTemplateArch: { noun: 'template', origin: 'api', meaning: 'Say for hosts of which kind a template is.' },
  RemoveTemplateFromNodes: {
    noun: 'template',
    origin: 'api',
    meaning: 'Have nodes drop a template from their caches.',
  },
  DistributeTemplateToNodes: {
    noun: 'distribution',
    origin: 'api',
    meaning: 'Bring a template version to nodes before anybody asks for a VM of it.',
  },
  CancelDistribution: { noun: 'distribution', origin: 'api', meaning: 'End what has not ended of a distribution.' },
  FillMacPool: {
    noun: 'macPool',
    origin: 'api',
    meaning: 'Give VMs without an address of their own one of this range.',
  },
  PurgeMacPool: { noun: 'macPool', origin: 'api', meaning: 'Give out no more MAC addresses.' },
  SaveImage: { noun: 'image', origin: 'api', meaning: 'Make a new tag out of what a running VM has written.' },
  RunTimers: {
    noun: 'cluster',
    origin: 'control-plane',
    meaning: 'Fire the timers that are due at the time of this command.',
  },
  SetPolicy: { noun: 'cluster', origin: 'control-plane', meaning: 'Set the operator’s time limits.' },
  MarkNodeSilent: { noun: 'node', origin: 'control-plane', meaning: 'No heartbeat came for the configured time.' },
  MarkNodeHeard: { noun: 'node', origin: 'control-plane', meaning: 'A silent node beats again.' },
  RegisterNode: { noun: 'node', origin: 'node', meaning: 'The node joins, or joins again.' },
  UnregisterNode: { noun: 'node', origin: 'node', meaning: 'The node leaves for good.' },
  ReportTemplatePulled: { noun: 'node', origin: 'node', meaning: 'All files of a template version are in the cache.' },
  ReportUnknownVMs: { noun: 'node', origin: 'node', meaning: 'The host has so many VMs that nobody of Muster knows.' },
  ReportTemplateEvicted: { noun: 'node', origin: 'node', meaning: 'A template version is in the cache no longer.' },
  ReportTemplatePullProgress: {
    noun: 'distribution',
    origin: 'node',
    meaning: 'So much of what a distribution brings is here, 0–1.',
  },
  ReportTemplatePullFailed: {
    noun: 'distribution',
    origin: 'node',
    meaning: 'What a distribution brings could not be pulled, however often it was tried.',
  },
  ReportVMPulling: { noun: 'vm', origin: 'node', meaning: 'The VM waits for its template to be pulled.' },
  ReportVMPulled: { noun: 'vm', origin: 'node', meaning: 'The pull is over; the VM boots next.' },
  ReportVMStarted: { noun: 'vm', origin: 'node', meaning: 'The VM runs and its monitored script, if any, ended well.' },
  ReportVMStartFailed: { noun: 'vm', origin: 'node', meaning: 'The attempt to start the VM failed.' },
  ReportVMRestarted: { noun: 'vm', origin: 'node', meaning: 'The restart that was asked for is done.' },
  ReportVMStopped: { noun: 'vm', origin: 'node', meaning: 'The VM powered itself off or died.' },
  ReportVMLost: { noun: 'vm', origin: 'node', meaning: 'The VM should be on this host and is not.' },
  ReportVMTerminated: { noun: 'vm', origin: 'node', meaning: 'Nothing of the VM is left on the host.' },
  ReportImageSaved: { noun: 'image', origin: 'node', meaning: 'What a guest wrote is in the store as a new layer.' },
  ReportImageSaveFailed: { noun: 'image', origin: 'node', meaning: 'The VM was not saved, and its guest runs again.' },
};

interface EventEntry {
  readonly noun: Noun;
  /** `apiAction`: the accepted request itself. `systemAction`: what the system did or saw. */
  readonly kind: 'apiAction' | 'systemAction';
  readonly meaning: string;
  /** Of its data: raised with every change that is more than a field which may be missing. 1 when it says nothing. */
  readonly version?: number;
}

/** Every event. */
export const EVENTS: Record<EventType, EventEntry> = {
  ...ACCESS_EVENTS,
  ...WEBHOOK_EVENTS,
  StartVM: { noun: 'vm', kind: 'apiAction', meaning: 'The start was accepted; the VM waits for a node.' },
  VMScheduled: {
    noun: 'vm',
    kind: 'systemAction',
    meaning: 'The VM has a seat on a node. The sequence of this event is its epoch.',
  },
  VMDeferred: {
    noun: 'vm',
    kind: 'systemAction',
    meaning: 'The VM waits a moment for a node that has its template, instead of a pull elsewhere.',
  },
  VMDeferralEnded: { noun: 'vm', kind: 'systemAction', meaning: 'That wait was in vain; any node will do now.' },
  VMPreempted: { noun: 'vm', kind: 'systemAction', meaning: 'The VM is ended to make room for a more urgent one.' },
  VMPulling: { noun: 'vm', kind: 'systemAction', meaning: 'The node pulls the template first.' },
  VMPulled: { noun: 'vm', kind: 'systemAction', meaning: 'The pull is over.' },
  VMStarted: { noun: 'vm', kind: 'systemAction', meaning: 'The VM runs.' },
  VMStartAttemptFailed: {
    noun: 'vm',
    kind: 'systemAction',
    meaning: 'One attempt failed; the VM waits for a node again.',
  },
  VMFailedToStart: { noun: 'vm', kind: 'systemAction', meaning: 'The start failed for good.' },
  UpdateVM: { noun: 'vm', kind: 'apiAction', meaning: 'Name, external id or metadata changed.' },
  RestartVM: { noun: 'vm', kind: 'apiAction', meaning: 'A restart was accepted.' },
  VMRestarted: { noun: 'vm', kind: 'systemAction', meaning: 'The VM runs again after a restart.' },
  VMStopped: { noun: 'vm', kind: 'systemAction', meaning: 'The VM is powered off; its disk is still there.' },
  VMLost: { noun: 'vm', kind: 'systemAction', meaning: 'The VM is gone without having been terminated.' },
  VMPushing: { noun: 'vm', kind: 'systemAction', meaning: 'The VM is held until its save has ended.' },
  VMPushed: { noun: 'vm', kind: 'systemAction', meaning: 'The VM is saved as an image, and ends.' },
  VMPushFailed: { noun: 'vm', kind: 'systemAction', meaning: 'The VM was not saved, and runs on.' },
  TerminateVM: { noun: 'vm', kind: 'apiAction', meaning: 'The end of the VM was accepted.' },
  VMTerminated: { noun: 'vm', kind: 'systemAction', meaning: 'Nothing of the VM is left.' },
  VMRemoved: { noun: 'vm', kind: 'systemAction', meaning: 'The terminated VM left the lists.' },
  NodeRegistered: { noun: 'node', kind: 'systemAction', meaning: 'A node joined, or came back changed.' },
  ConfigNode: { noun: 'node', kind: 'apiAction', meaning: 'The configuration of a node changed.' },
  NodeOffline: { noun: 'node', kind: 'systemAction', meaning: 'The node is silent and takes no VMs.' },
  NodeOnline: { noun: 'node', kind: 'systemAction', meaning: 'The node beats again.' },
  NodeStrikesFaded: {
    noun: 'node',
    kind: 'systemAction',
    meaning: 'The starts that failed on the node are long ago and count no more.',
  },
  TemplatePulled: { noun: 'node', kind: 'systemAction', meaning: 'A node has a template version in its cache.' },
  TemplateEvicted: { noun: 'node', kind: 'systemAction', meaning: 'A template version left the cache of a node.' },
  NodeGroupsChanged: { noun: 'node', kind: 'systemAction', meaning: 'The node is in these groups from now on.' },
  UnknownVMsFound: { noun: 'node', kind: 'systemAction', meaning: 'The number of unknown VMs on a host changed.' },
  DeleteNode: { noun: 'node', kind: 'apiAction', meaning: 'An operator took the node out of the fleet.' },
  NodeUnregistered: { noun: 'node', kind: 'systemAction', meaning: 'The node left the fleet by itself.' },
  CreateGroup: { noun: 'group', kind: 'apiAction', meaning: 'There is a new group.' },
  UpdateGroup: { noun: 'group', kind: 'apiAction', meaning: 'Name, description or fallback of a group changed.' },
  DeleteGroup: { noun: 'group', kind: 'apiAction', meaning: 'A group is gone.' },
  PushTemplate: { noun: 'template', kind: 'apiAction', meaning: 'A template has a new version.' },
  DeleteRegistryVm: { noun: 'template', kind: 'apiAction', meaning: 'A template left the registry.' },
  TemplateReverted: {
    noun: 'template',
    kind: 'systemAction',
    meaning: 'A version and all newer ones are gone; with version 0 the template is.',
  },
  SetTemplateArch: { noun: 'template', kind: 'apiAction', meaning: 'A template is for other hosts than before.' },
  RemoveTemplateFromNodes: {
    noun: 'template',
    kind: 'apiAction',
    meaning: 'These nodes are to drop the template from their caches.',
  },
  DistributeTemplateToNodes: {
    noun: 'distribution',
    kind: 'apiAction',
    meaning: 'The distribution was accepted; every node that was meant is named.',
  },
  DistributionProgressed: {
    noun: 'distribution',
    kind: 'systemAction',
    meaning: 'A node has pulled this much, 0–1 in tenths.',
  },
  DistributionRowEnded: {
    noun: 'distribution',
    kind: 'systemAction',
    meaning: 'A node has the template, or, with an error, will not get it by this distribution.',
  },
  CancelDistribution: {
    noun: 'distribution',
    kind: 'apiAction',
    meaning: 'Every node that had not ended has the error `request canceled`.',
  },
  DistributionAborted: {
    noun: 'distribution',
    kind: 'systemAction',
    meaning: 'Every node that had not ended has this error: the time is up, or the template is gone.',
  },
  DistributionForgotten: {
    noun: 'distribution',
    kind: 'systemAction',
    meaning: 'A distribution that had finished left the lists.',
  },
  FillMacPool: { noun: 'macPool', kind: 'apiAction', meaning: 'MAC addresses are given out from this range.' },
  PurgeMacPool: { noun: 'macPool', kind: 'apiAction', meaning: 'No more MAC addresses are given out.' },
  SaveImage: { noun: 'image', kind: 'apiAction', meaning: 'The save was accepted.' },
  ImageSaved: { noun: 'image', kind: 'systemAction', meaning: 'The template has a new version, made from the VM.' },
  ImageSaveFailed: { noun: 'image', kind: 'systemAction', meaning: 'The save ended with this error.' },
  ImageSaveForgotten: { noun: 'image', kind: 'systemAction', meaning: 'A save that had ended left the lists.' },
  PolicyChanged: { noun: 'cluster', kind: 'systemAction', meaning: 'The operator’s time limits changed.' },
  CommandRefused: {
    noun: 'cluster',
    kind: 'systemAction',
    meaning: 'The rules said no to a command; nothing else changed.',
  },
  CommandFailed: { noun: 'cluster', kind: 'systemAction', meaning: 'A command broke the decider and was skipped.' },
};

/** Sets, because a name that was cut out of a text is found in an object several times as slowly. */
const COMMAND_TYPES: ReadonlySet<string> = new Set(Object.keys(COMMANDS));
const EVENT_TYPES: ReadonlySet<string> = new Set(Object.keys(EVENTS));

export const isCommandType = (value: string): value is CommandType => COMMAND_TYPES.has(value);
export const isEventType = (value: string): value is EventType => EVENT_TYPES.has(value);

export const nounOfCommand = (command: Command): Noun => COMMANDS[command.type].noun;

/** The thing that the event is about; events of the cluster itself are about `cluster`. */
export function nounOfEvent(event: DomainEvent): { noun: Noun; id: string } {
  const { noun } = EVENTS[event.type];
  if (noun === 'vm' && 'vmId' in event) return { noun, id: event.vmId };
  if (noun === 'node' && 'nodeId' in event) return { noun, id: event.nodeId as string };
  if (noun === 'group' && 'groupId' in event) return { noun, id: event.groupId };
  if (noun === 'image' && 'requestId' in event) return { noun, id: event.requestId };
  if (noun === 'distribution' && 'distributionId' in event) return { noun, id: event.distributionId };
  if (noun === 'template' && 'templateId' in event) return { noun, id: event.templateId };
  if (noun === 'webhook' && 'webhookId' in event) return { noun, id: event.webhookId };
  if (noun === 'apikey' && 'keyId' in event) return { noun, id: apiKeyId(event.store, event.keyId) };
  if (noun === 'permission' && 'grantee' in event) return { noun, id: permissionGroupId(event.store, event.grantee) };
  return { noun, id: noun };
}

/** The node that sends the command, when it is a report. */
export function reportingNode(command: Command): string | undefined {
  return COMMANDS[command.type].origin === 'node' ? (command as Report).nodeId : undefined;
}
