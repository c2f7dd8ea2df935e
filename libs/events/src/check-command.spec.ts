import { type Command, type CommandType, DEFAULT_POLICY } from '#domain';
import { samples } from '../../domain/src/testing/index.js';
import { COMMANDS } from './catalogue.js';
import { checkCommand } from './check-command.js';

const { blob, configOf, group, instance, joins, push, script, scriptResult } = samples;
const seat = { nodeId: 'n', vmId: 'a', epoch: 3 };

/** One command of each type, with every field that it may have. */
const FULL: { readonly [Type in CommandType]: Extract<Command, { type: Type }> } = {
  StartVM: {
    type: 'StartVM',
    vmIds: ['a', 'b'],
    request: {
      templateId: 't',
      tag: 'v1',
      version: 0,
      name: 'x',
      externalId: 'y',
      metadata: { text: 'x', number: 1, truth: true },
      priority: 1,
      nodeId: 'n',
      groupId: 'g',
      vcpu: 1,
      memoryMiB: 64,
      nameTemplate: '$',
      forwards: [{ name: 'ssh', guestPort: 22, hostPort: 10_022 }],
      script: script(),
      passthrough: {},
    },
  },
  UpdateVM: { type: 'UpdateVM', vmId: 'a', name: 'x', externalId: 'y', metadata: { a: 1 } },
  RestartVM: { type: 'RestartVM', vmId: 'a' },
  TerminateVM: { type: 'TerminateVM', vmId: 'a' },
  ConfigNode: { type: 'ConfigNode', nodeId: 'n', name: 'x', host: 'y', config: configOf() },
  DeleteNode: { type: 'DeleteNode', nodeId: 'n' },
  CreateGroup: group('g', { fallbackGroupId: 'h' }),
  UpdateGroup: { type: 'UpdateGroup', groupId: 'g', name: 'x', description: 'y', fallbackGroupId: 'h' },
  DeleteGroup: { type: 'DeleteGroup', groupId: 'g' },
  AddNodesToGroups: { type: 'AddNodesToGroups', groupIds: ['g'], nodeIds: ['n'] },
  RemoveNodesFromGroups: { type: 'RemoveNodesFromGroups', groupIds: ['g'], nodeIds: ['n'] },
  PushTemplate: push('t', { kernel: blob('k'), initrd: blob('i'), cmdline: '' }),
  DeleteRegistryVm: { type: 'DeleteRegistryVm', templateId: 't' },
  RemoveTemplateFromNodes: { type: 'RemoveTemplateFromNodes', templateId: 't', tag: 'v1', nodeIds: ['n'] },
  DistributeTemplateToNodes: {
    type: 'DistributeTemplateToNodes',
    distributionId: 'd',
    templateId: 't',
    tag: 'v1',
    version: 0,
    nodeIds: ['n'],
    groupId: 'g',
  },
  CancelDistribution: { type: 'CancelDistribution', distributionId: 'd' },
  RunTimers: { type: 'RunTimers', nodesWait: true },
  SetPolicy: { type: 'SetPolicy', policy: DEFAULT_POLICY },
  MarkNodeSilent: { type: 'MarkNodeSilent', nodeId: 'n', lastBeatAt: 0 },
  MarkNodeHeard: { type: 'MarkNodeHeard', nodeId: 'n' },
  RegisterNode: {
    ...joins('n', { facts: { licence: 'valid' }, cached: [{ templateId: 't', tag: 'v1' }] }),
    unknownVms: 1,
  },
  UnregisterNode: { type: 'UnregisterNode', nodeId: 'n' },
  ReportTemplatePulled: { type: 'ReportTemplatePulled', nodeId: 'n', templateId: 't', tag: 'v1' },
  ReportUnknownVMs: { type: 'ReportUnknownVMs', nodeId: 'n', vms: 1 },
  ReportTemplateEvicted: { type: 'ReportTemplateEvicted', nodeId: 'n', templateId: 't', tag: 'v1' },
  ReportTemplatePullProgress: { type: 'ReportTemplatePullProgress', nodeId: 'n', distributionId: 'd', progress: 0.5 },
  ReportTemplatePullFailed: { type: 'ReportTemplatePullFailed', nodeId: 'n', distributionId: 'd', message: '' },
  ReportVMPulling: { type: 'ReportVMPulling', ...seat },
  ReportVMPulled: { type: 'ReportVMPulled', ...seat },
  ReportVMStarted: {
    type: 'ReportVMStarted',
    ...seat,
    instance: instance({ stoppedAt: 1 }),
    script: scriptResult(),
  },
  ReportVMStartFailed: {
    type: 'ReportVMStartFailed',
    ...seat,
    message: '',
    retryable: true,
    instance: instance(),
    script: scriptResult(),
  },
  ReportVMRestarted: { type: 'ReportVMRestarted', ...seat, instance: instance(), restarts: 1 },
  ReportVMStopped: { type: 'ReportVMStopped', ...seat, instance: instance() },
  ReportVMLost: { type: 'ReportVMLost', ...seat, message: '' },
  ReportVMTerminated: { type: 'ReportVMTerminated', ...seat },
};

/** Fields that may be missing. The keys of metadata and passthrough are the caller's own. */
const OPTIONAL = new Set([
  'StartVM.request.tag',
  'StartVM.request.version',
  'StartVM.request.name',
  'StartVM.request.externalId',
  'StartVM.request.metadata',
  'StartVM.request.metadata.text',
  'StartVM.request.metadata.number',
  'StartVM.request.metadata.truth',
  'StartVM.request.priority',
  'StartVM.request.nodeId',
  'StartVM.request.groupId',
  'StartVM.request.vcpu',
  'StartVM.request.memoryMiB',
  'StartVM.request.nameTemplate',
  'StartVM.request.forwards',
  'StartVM.request.forwards[0].hostPort',
  'StartVM.request.script',
  'StartVM.request.passthrough',
  ...Object.keys(DEFAULT_POLICY).map((field) => `SetPolicy.policy.${field}`),
  'UpdateVM.name',
  'UpdateVM.externalId',
  'UpdateVM.metadata',
  'UpdateVM.metadata.a',
  'ConfigNode.name',
  'ConfigNode.host',
  'ConfigNode.config.capacityMode',
  'ConfigNode.config.capacity',
  'ConfigNode.config.vcpuOverride',
  'ConfigNode.config.memoryMiBOverride',
  'ConfigNode.config.drain',
  'RunTimers.nodesWait',
  'CreateGroup.fallbackGroupId',
  'UpdateGroup.name',
  'UpdateGroup.description',
  'UpdateGroup.fallbackGroupId',
  'RegisterNode.facts.licence',
  'RegisterNode.unknownVms',
  'RemoveTemplateFromNodes.tag',
  'RemoveTemplateFromNodes.nodeIds',
  'DistributeTemplateToNodes.tag',
  'DistributeTemplateToNodes.version',
  'DistributeTemplateToNodes.nodeIds',
  'DistributeTemplateToNodes.groupId',
  'PushTemplate.kernel',
  'PushTemplate.initrd',
  'PushTemplate.cmdline',
  'ReportVMStarted.instance.stoppedAt',
  'ReportVMStarted.script',
  'ReportVMStartFailed.instance',
  'ReportVMStartFailed.script',
]);

/** Fields that may be null, to clear what they set. */
const NULLABLE = new Set(['UpdateGroup.fallbackGroupId']);

type Changed = { readonly path: string; readonly command: Command };

/** The command once for every field in it, at any depth, with that field changed by `change`. */
function withEachField(command: Command, change: (holder: Record<string, unknown>, field: string) => void): Changed[] {
  return pathsIn(command).map((keys) => {
    const copy = structuredClone(command) as unknown as Record<string, unknown>;
    const holder = keys.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, copy);
    change(holder, keys.at(-1) ?? '');
    return { path: `${command.type}${keys.map(written).join('')}`, command: copy as unknown as Command };
  });
}

const written = (key: string): string => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`);

function pathsIn(value: object): string[][] {
  return Object.entries(value)
    .filter(([key]) => key !== 'type')
    .flatMap(([key, inner]: [string, unknown]) => {
      const deeper = typeof inner === 'object' && inner !== null ? pathsIn(inner) : [];
      return [[key], ...deeper.map((rest) => [key, ...rest])];
    });
}

const everyCommand = Object.values(FULL) as Command[];

describe('the shape of a command', () => {
  it('has an example here for every command', () => {
    expect(Object.keys(FULL).sort()).toEqual(Object.keys(COMMANDS).sort());
  });

  it.each(everyCommand.map((command) => [command.type, command] as const))('%s may be complete', (_, command) => {
    expect(checkCommand(command)).toBeUndefined();
  });

  it.each(everyCommand.map((command) => [command.type, command] as const))(
    '%s may have a field that nobody knows',
    (_, command) => expect(checkCommand(Object.assign(structuredClone(command), { colour: 'red' }))).toBeUndefined(),
  );

  it('names the field that is missing, at any depth, unless it may be', () => {
    for (const { path, command } of everyCommand.flatMap((each) => withEachField(each, remove)))
      expect([path, checkCommand(command)]).toEqual([
        path,
        OPTIONAL.has(path) ? undefined : expect.stringContaining(`${path} must be`),
      ]);
  });

  it.each([null, { an: 'object' }, ['list'], Number.NaN, 'text'])(
    'names the field that is %j and must not',
    (wrong) => {
      const seen = new Set<string>();
      for (const each of everyCommand)
        for (const { path, command } of withEachField(each, (holder, field) => (holder[field] = wrong))) {
          const fault = checkCommand(command);
          if (fault !== undefined) seen.add(path);
          if (wrong === null && NULLABLE.has(path)) expect(fault).toBeUndefined();
          else if (wrong === null || Number.isNaN(wrong))
            expect([path, fault]).toEqual([path, `${path} must be ${kind(fault)}`]);
        }
      expect(seen.size).toBeGreaterThan(60);
    },
  );

  it.each<[string, Partial<Command>]>([
    [
      'StartVM.request.forwards must be list',
      { type: 'StartVM', vmIds: [], request: { templateId: 't', forwards: 'ssh' as never } },
    ],
    ['StartVM.vmIds[1] must be string', { type: 'StartVM', vmIds: ['a', 7 as never], request: { templateId: 't' } }],
    ['StartVM.request must be object', { type: 'StartVM', vmIds: [], request: [] as never }],
    [
      'UpdateVM.metadata.a must be string, number or boolean',
      { type: 'UpdateVM', vmId: 'a', metadata: { a: {} as never } },
    ],
    [
      'ConfigNode.config.capacityMode must be number or resource',
      { type: 'ConfigNode', nodeId: 'n', config: { capacityMode: 'x' as never } },
    ],
    ['TerminateVM.vmId must be string', { type: 'TerminateVM', vmId: 1 as never }],
  ])('is said in words: %s', (fault, command) => expect(checkCommand(command as Command)).toBe(fault));
});

function remove(holder: Record<string, unknown>, field: string): void {
  // A hole in a list is an item that is not there.
  if (Array.isArray(holder)) holder[Number(field)] = undefined as never;
  else delete holder[field];
}

const kind = (fault: string | undefined): string => fault?.split(' must be ')[1] ?? 'named as wrong';
