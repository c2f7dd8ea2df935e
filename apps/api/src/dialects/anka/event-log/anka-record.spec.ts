import { type DomainEvent, nodeId, type RecordedEvent, templateId, vmId } from '#domain';
import { instance, push } from '../../../testing/fleet.contract.js';
import { ANKA_EVENT_NAMES, recordOf } from './anka-record.js';

const TIME = Date.UTC(2026, 2, 1, 10, 0, 0, 987);
const OURS = { event_id: 'c-1:0', sequence: 7, actor: 'root', correlation_id: 'job-1' };
const image = {
  templateId: 'b2',
  templateName: 'macos',
  tag: 'v3',
  version: 2,
  arch: 'arm64' as const,
  disk: push('v3', 'a').disk,
};
const [vm, node, template] = [vmId('a1'), nodeId('mac-01'), templateId('b2')];

function recorded(event: DomainEvent): RecordedEvent {
  const cause = { sequence: 3, id: 'c-1', actor: 'root', correlationId: 'job-1' };
  return { sequence: 7, id: 'c-1:0', time: TIME, cause, event };
}
const told = (event: DomainEvent): Record<string, unknown> =>
  JSON.parse(recordOf(recorded(event), 'ctl-1.example')?.text ?? 'null') as Record<string, unknown>;

const started: DomainEvent = {
  type: 'StartVM',
  vmId: vm,
  request: { templateId: 'b2' },
  image,
  cpu: 4,
  memoryMiB: 8192,
  forwards: [],
};

/** Each event of the vendor's log, the keys that the vendor documents or that follow from them, and those that are ours. */
const CASES: readonly [DomainEvent, Record<string, unknown>][] = [
  [
    started,
    {
      ...{ type: 'apiAction', sub_type: 'vmAction', instance_id: 'a1', template_id: 'b2', tag: 'v3', version: 2 },
      ...{ group_id: null, node_id: null, priority: 0 },
    },
  ],
  [
    { type: 'VMStarted', vmId: vm, nodeId: node, instance: instance() },
    { type: 'systemAction', sub_type: 'vmAction', instance_id: 'a1', state: 'Started', node_id: 'mac-01' },
  ],
  [
    { type: 'VMFailedToStart', vmId: vm, message: 'startup script exit code 1', nodeId: node },
    {
      ...{ type: 'systemAction', sub_type: 'vmAction', instance_id: 'a1', state: 'Error' },
      ...{ message: 'startup script exit code 1', node_id: 'mac-01' },
    },
  ],
  [
    { type: 'TerminateVM', vmId: vm, nodeId: node },
    { type: 'apiAction', sub_type: 'vmAction', instance_id: 'a1', instance_state: 'Terminating', node_id: 'mac-01' },
  ],
  [
    { type: 'VMTerminated', vmId: vm },
    { type: 'systemAction', sub_type: 'vmAction', instance_id: 'a1', state: 'Terminated' },
  ],
  [
    {
      type: 'DistributeTemplateToNodes',
      distributionId: 'd-1' as never,
      templateId: template,
      tag: 'v3',
      version: 2,
      image,
      nodeIds: [node],
      cachedOn: [nodeId('mac-02')],
      unfit: [nodeId('x86-01')],
    },
    {
      ...{ type: 'apiAction', sub_type: 'templateAction', template_id: 'b2', tag: 'v3', version: 2, request_id: 'd-1' },
      node_ids: ['mac-01', 'mac-02', 'x86-01'],
    },
  ],
  [
    { type: 'TemplatePulled', nodeId: node, templateId: 'b2', tag: 'v3' },
    { type: 'systemAction', sub_type: 'templateAction', template_id: 'b2', tag: 'v3', node_id: 'mac-01' },
  ],
  [
    { type: 'DeleteRegistryVm', templateId: template },
    { type: 'apiAction', sub_type: 'templateAction', template_id: 'b2' },
  ],
  [
    {
      type: 'ConfigNode',
      nodeId: node,
      facts: { host: '10.0.0.7' },
      config: { capacity: 3, drain: true, memoryMiBOverride: 8192 },
    },
    {
      ...{ type: 'apiAction', sub_type: 'nodeAction', node_id: 'mac-01', host: '10.0.0.7', max_vm_count: 3 },
      ...{ drain_mode: true, ram_override: 8 },
    },
  ],
  [
    { type: 'DeleteNode', nodeId: node },
    { type: 'apiAction', sub_type: 'nodeAction', node_id: 'mac-01' },
  ],
  [
    { type: 'NodeUnregistered', nodeId: node },
    { type: 'systemAction', sub_type: 'nodeAction', node_id: 'mac-01' },
  ],
];

describe('a record of the event log', () => {
  it('is there for all eleven events', () => {
    expect(CASES.map(([{ type }]) => type)).toEqual([...ANKA_EVENT_NAMES]);
    expect(ANKA_EVENT_NAMES).toHaveLength(11);
  });

  it.each(CASES.map(([event, fields]) => [event.type, event, fields] as const))(
    'of %s has exactly its keys',
    (name, event, fields) => {
      const time = Math.floor(TIME / 1000);
      expect(told(event)).toEqual({ ...OURS, ...fields, name, time, machineName: 'ctl-1.example' });
    },
  );

  it('of a start tells what was asked for', () => {
    const request = {
      templateId: 'b2',
      groupId: 'ios',
      nodeId: 'mac-01',
      priority: 5,
      externalId: 'job-9',
      name: 'ci',
    };
    expect(told({ ...started, request })).toMatchObject({
      ...{ group_id: 'ios', node_id: 'mac-01', priority: 5, external_id: 'job-9', instance_name: 'ci' },
      name: 'StartVM',
    });
  });

  it('is one line, with its keys in order', () => {
    const { text = '' } = recordOf(recorded({ ...started, request: { templateId: 'b2', name: 'a\nb' } }), 'ctl') ?? {};
    expect(text).not.toContain('\n');
    const keys = Object.keys(JSON.parse(text) as object);
    expect(keys).toEqual([...keys].sort());
  });

  it('is about one thing, whose records keep their order', () => {
    const about = CASES.map(([event]) => recordOf(recorded(event), 'ctl')?.about);
    expect(about).toEqual(['a1', 'a1', 'a1', 'a1', 'a1', 'b2', 'b2', 'b2', 'mac-01', 'mac-01', 'mac-01']);
  });

  it.each<DomainEvent>([
    { type: 'VMScheduled', vmId: vm, nodeId: node, attempt: 1 },
    { type: 'VMStartAttemptFailed', vmId: vm, nodeId: node, attempt: 1, message: 'full' },
    { type: 'RestartVM', vmId: vm, nodeId: node, restarts: 1 },
    { type: 'NodeOffline', nodeId: node },
  ])('is not there for $type', (event) => expect(recordOf(recorded(event), 'ctl')).toBeUndefined());
});
