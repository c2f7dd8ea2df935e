import type { DomainEvent, NodeConfig, NodeFacts, RecordedEvent } from '#domain';

type Fields = Readonly<Record<string, unknown>>;
type Translations = { readonly [Name in AnkaEventName]: (event: Extract<DomainEvent, { type: Name }>) => Fields };

/** The events that the vendor's event log tells; others are not in it (anka.md §6). */
export const ANKA_EVENT_NAMES = [
  'StartVM',
  'VMStarted',
  'VMFailedToStart',
  'TerminateVM',
  'VMTerminated',
  'DistributeTemplateToNodes',
  'TemplatePulled',
  'DeleteRegistryVm',
  'ConfigNode',
  'DeleteNode',
  'NodeUnregistered',
] as const satisfies readonly DomainEvent['type'][];
export type AnkaEventName = (typeof ANKA_EVENT_NAMES)[number];

/** One line of the vendor's event log: a flat object. */
export interface AnkaRecord {
  /** What must stay in order among its like: the instance, node or template that the record is about. */
  readonly about: string;
  readonly sequence: number;
  /** JSON with its keys in order. */
  readonly text: string;
}

const API: readonly string[] = [
  'StartVM',
  'TerminateVM',
  'DistributeTemplateToNodes',
  'DeleteRegistryVm',
  'ConfigNode',
  'DeleteNode',
];

/** The keys that differ from event to event. Those of the vendor's four examples are exactly theirs; a key that is undefined is left out. */
const TRANSLATIONS: Translations = {
  StartVM: ({ vmId, request, image }) => ({
    ...vm(vmId),
    template_id: image.templateId,
    tag: image.tag,
    version: image.version,
    group_id: request.groupId ?? null,
    node_id: request.nodeId ?? null,
    priority: request.priority ?? 0,
    external_id: request.externalId,
    instance_name: request.name,
  }),
  VMStarted: ({ vmId, nodeId }) => ({ ...vm(vmId), state: 'Started', node_id: nodeId }),
  VMFailedToStart: ({ vmId, nodeId, message }) => ({ ...vm(vmId), state: 'Error', message, node_id: nodeId }),
  TerminateVM: ({ vmId, nodeId }) => ({ ...vm(vmId), instance_state: 'Terminating', node_id: nodeId }),
  VMTerminated: ({ vmId, nodeId, message }) => ({ ...vm(vmId), state: 'Terminated', node_id: nodeId, message }),
  DistributeTemplateToNodes: ({ distributionId, templateId, tag, version, nodeIds, cachedOn, unfit }) => ({
    ...template(templateId),
    request_id: distributionId,
    tag,
    version,
    node_ids: [...nodeIds, ...cachedOn, ...unfit],
  }),
  TemplatePulled: ({ nodeId, templateId, tag }) => ({ ...template(templateId), tag, node_id: nodeId }),
  DeleteRegistryVm: ({ templateId }) => template(templateId),
  ConfigNode: ({ nodeId, facts, config }) => ({ ...node(nodeId), ...changesOf(facts, config) }),
  DeleteNode: ({ nodeId }) => node(nodeId),
  NodeUnregistered: ({ nodeId }) => node(nodeId),
};

const vm = (id: string): Fields => ({ sub_type: 'vmAction', instance_id: id });
const node = (id: string): Fields => ({ sub_type: 'nodeAction', node_id: id });
const template = (id: string): Fields => ({ sub_type: 'templateAction', template_id: id });

/** As POST node/config calls them; only what changed. */
function changesOf(facts: Partial<NodeFacts> = {}, config: Partial<NodeConfig> = {}): Fields {
  return {
    node_name: facts.name,
    host: facts.host,
    max_vm_count: config.capacity,
    capacity_mode: config.capacityMode,
    vcpu_override: config.vcpuOverride,
    ram_override: config.memoryMiBOverride === undefined ? undefined : config.memoryMiBOverride / 1024,
    drain_mode: config.drain,
  };
}

/**
 * The record of an event; undefined when the vendor's log does not tell of such events. `machineName` is the host of the controller.
 * `event_id`, `sequence`, `actor` and `correlation_id` are ours: whoever gets a record twice knows it by its `event_id`.
 */
export function recordOf(
  { event, id, sequence, time, cause }: RecordedEvent,
  machineName: string,
): AnkaRecord | undefined {
  const translate = TRANSLATIONS[event.type as AnkaEventName] as ((event: DomainEvent) => Fields) | undefined;
  if (translate === undefined) return undefined;
  const fields = translate(event);
  const record: Fields = {
    ...fields,
    name: event.type,
    type: API.includes(event.type) ? 'apiAction' : 'systemAction',
    machineName,
    time: Math.floor(time / 1000),
    event_id: id,
    sequence,
    actor: cause.actor,
    correlation_id: cause.correlationId,
  };
  const about = String(fields['instance_id'] ?? fields['template_id'] ?? fields['node_id']);
  return { about, sequence, text: JSON.stringify(record, Object.keys(record).sort()) };
}
