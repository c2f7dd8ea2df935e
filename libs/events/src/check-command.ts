import type { Command } from '#domain';

/** What a field of a command must be before the domain may look at it. `?` marks optional fields. */
type Shape =
  'string' | 'number' | 'boolean' | 'object' | 'strings' | 'array' | 'string?' | 'number?' | 'object?' | 'boolean?';

const VM_REPORT = { nodeId: 'string', vmId: 'string', epoch: 'number' } as const;

const SHAPES: { [Type in Command['type']]: Record<string, Shape> } = {
  StartVM: { vmIds: 'strings', request: 'object' },
  UpdateVM: { vmId: 'string', name: 'string?', externalId: 'string?', metadata: 'object?' },
  RestartVM: { vmId: 'string' },
  TerminateVM: { vmId: 'string' },
  ConfigNode: { nodeId: 'string', name: 'string?', host: 'string?', config: 'object' },
  DeleteNode: { nodeId: 'string' },
  PushTemplate: {
    templateId: 'string',
    name: 'string',
    arch: 'string',
    tag: 'string',
    description: 'string',
    disk: 'object',
    kernel: 'object?',
    initrd: 'object?',
    cmdline: 'string?',
    cpu: 'number',
    memoryMiB: 'number',
    forwards: 'array',
  },
  DeleteRegistryVm: { templateId: 'string' },
  RunTimers: {},
  SetPolicy: { policy: 'object' },
  MarkNodeSilent: { nodeId: 'string', lastBeatAt: 'number' },
  MarkNodeHeard: { nodeId: 'string' },
  RegisterNode: { nodeId: 'string', facts: 'object', config: 'object', cached: 'array' },
  UnregisterNode: { nodeId: 'string' },
  ReportTemplatePulled: { nodeId: 'string', templateId: 'string', tag: 'string' },
  ReportVMPulling: VM_REPORT,
  ReportVMPulled: VM_REPORT,
  ReportVMStarted: { ...VM_REPORT, instance: 'object', script: 'object?' },
  ReportVMStartFailed: {
    ...VM_REPORT,
    message: 'string',
    retryable: 'boolean',
    script: 'object?',
    instance: 'object?',
  },
  ReportVMRestarted: { ...VM_REPORT, instance: 'object', restarts: 'number' },
  ReportVMStopped: { ...VM_REPORT, instance: 'object' },
  ReportVMLost: { ...VM_REPORT, message: 'string' },
  ReportVMTerminated: VM_REPORT,
};

/**
 * Says what is wrong with the shape of a command that came from outside, or undefined. Doors check their clients' input in full;
 * this is the last gate before the decider, for NATS clients that write anything they like.
 */
export function checkCommand(command: Command): string | undefined {
  const fields: Record<string, unknown> = { ...command };
  for (const [field, shape] of Object.entries(SHAPES[command.type])) {
    if (!matches(fields[field], shape)) return `${command.type}.${field} must be ${shape.replace('?', ' or absent')}`;
  }
  return undefined;
}

function matches(value: unknown, shape: Shape): boolean {
  if (shape.endsWith('?') && value === undefined) return true;
  switch (shape) {
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'array':
      return Array.isArray(value);
    case 'object':
    case 'object?':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'number':
    case 'number?':
      return Number.isFinite(value);
    default:
      return typeof value === shape.replace('?', '');
  }
}
