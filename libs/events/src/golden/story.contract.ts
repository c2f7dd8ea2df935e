import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Cluster,
  type Command,
  decide,
  emptyCluster,
  MAX_DISTRIBUTIONS,
  type NodeFacts,
  type Policy,
  recordFailure,
  type RecordedEvent,
  type VmRequest,
} from '#domain';
import { ACCESS_STORY } from './access-story.contract.js';
import { canonicalJson, type Said, samples } from '../../../domain/src/testing/index.js';
import { checkCommand } from '../check-command.js';
import { encodeCommand, encodeEvent } from '../cloud-event.js';
import { type CommandEnvelope, recordedCommand } from '../envelope.js';
import { recordSamples } from './samples.contract.js';
import { SAVE_STORY } from './save-story.contract.js';
import { WEBHOOK_STORY } from './webhook-story.contract.js';

const { blob, instance, joins, push, report, script, scriptResult, start, terminate } = samples;
const { configure, heard, lost, pulled, pulling, restart, restarted, silent, started, startFailed, stopped } = samples;
const { distribute, cancel, removeTemplate, has, evicted, progressed, pullFailed } = samples;
const { terminated, timers, group, addTo, removeFrom, deleteGroup } = samples;

/** When the story begins, unix ms. */
const BEGIN = Date.UTC(2026, 0, 15, 8, 30);

const wholeRequest = {
  tag: 'v2',
  name: 'builder',
  externalId: 'https://ci.example/job/7',
  metadata: { branch: 'main', attempt: 2, nightly: true },
  priority: 10,
  vcpu: 3,
  memoryMiB: 3072,
  nameTemplate: '$instance_id',
  forwards: [{ name: 'vnc', guestPort: 5900, hostPort: 15_900 }],
  script: script(),
  passthrough: { vram_mb: 64, nested: { kept: [1, 2] } },
};

const scriptFailed = {
  type: 'ReportVMStartFailed',
  message: 'startup script ended with 3',
  retryable: false,
  script: scriptResult({ returnCode: 3, stderr: 'no such file' }),
  instance: instance({ status: 'stopped', stoppedAt: 4_000 }),
} as const;

/** A request that only a client without a door sends. */
const poison = { ...start('poison', 'linux'), request: { templateId: 'linux', forwards: 'ssh' } } as unknown as Command;

/** As it was recorded before it had more fields. */
const OLDER_POLICY: Partial<Policy> = { terminatedVisibleMs: 30_000, nodeSilentMs: 90_000, startLimitMs: 60_000 };

/** So many that the first is forgotten. */
function manyDistributions(): (readonly [minute: number, said: Said])[] {
  return Array.from({ length: MAX_DISTRIBUTIONS }, (_, n) => [
    9,
    distribute(`d${n}`, 'linux', { nodeIds: ['rack-1'] }),
  ]);
}
const OFFERS: Partial<NodeFacts> = {
  licence: 'valid',
  os: 'linux',
  diskBytes: 1e12,
  usbDevices: [{ id: 'usb-1', group: 'phone' }],
  labels: { rack: 'a' },
  resources: { gpu: 2 },
  vlans: ['blue'],
};
const ARM: Partial<NodeFacts> = { arch: 'arm64' };
const CLAIMS: Partial<VmRequest> = {
  usbDevice: 'phone',
  labels: { rack: 'a' },
  resources: { gpu: 1 },
  nodeTag: 'fast',
  nodeTagRequired: true,
  macAddress: '0A:00:00:00:00:01',
  vlan: 'blue',
};

/** Every command and every event at least once: minutes after the beginning, and what was said then. */
const STORY: readonly (readonly [minute: number, said: Said])[] = [
  [0, { type: 'SetPolicy', policy: OLDER_POLICY }],
  [0, joins('rack-1', { cached: [{ templateId: 'linux', tag: 'v1' }], config: { capacity: 3 } })],
  [0, joins('mac.mini-01', { facts: { arch: 'arm64', driver: 'tart' }, config: { capacityMode: 'resource' } })],
  [0, joins('rack-2', { config: { drain: true } })],
  [1, push('linux')],
  [1, push('linux', { tag: 'v2', kernel: blob('kernel'), initrd: blob('initrd'), cmdline: 'console=ttyS0' })],
  [1, push('macos', { arch: 'arm64', cpu: 4, memoryMiB: 8192, forwards: [] })],
  [2, start(['a', 'b'], 'linux', { tag: 'v1' })],
  [2, start('c', 'linux', wholeRequest)],
  [2, start('m', 'macos', { version: 0, nodeId: 'mac.mini-01' })],
  [2, pulling('c')],
  [2, { type: 'ReportTemplatePulled', nodeId: 'rack-1', templateId: 'linux', tag: 'v2' }],
  [3, pulled('c')],
  [3, started('a')],
  [3, report('c', { type: 'ReportVMStarted', instance: instance(), script: scriptResult() })],
  [3, started('m')],
  [4, timers],
  [4, restart('a')],
  [4, restarted('a')],
  [5, stopped('a')],
  [5, { type: 'UpdateVM', vmId: 'c', name: 'renamed', metadata: { branch: 'next' } }],
  [5, start('d', 'linux')],
  [5, startFailed('d')],
  [5, report('d', scriptFailed)],
  [6, configure('rack-2', { drain: false, capacity: 1 })],
  [6, { type: 'ConfigNode', nodeId: 'rack-2', name: 'second rack', host: '192.0.2.2', config: {} }],
  [6, start(['e', 'f', 'g'], 'linux')],
  [6, silent('rack-2')],
  [7, heard('rack-2')],
  [7, poison],
  [7, lost('c')],
  [8, terminate('a')],
  [8, terminated('a')],
  [8, terminate('c')],
  [9, timers],
  [9, start('waiting', 'macos', { vcpu: 100 })],
  [9, distribute('to-macs', 'macos', { nodeIds: ['mac.mini-01'] })],
  [9, { type: 'DeleteRegistryVm', templateId: 'macos' }],
  [9, group('fast', { description: 'the new racks' })],
  [9, group('ci', { fallbackGroupId: 'fast' })],
  [9, { type: 'UpdateGroup', groupId: 'ci', name: 'builders', fallbackGroupId: null }],
  [9, addTo(['fast', 'ci'], ['rack-1', 'rack-2'])],
  [9, removeFrom(['fast'], ['rack-2'])],
  [9, start('grouped', 'linux', { groupId: 'ci', vcpu: 100 })],
  [9, deleteGroup('ci')],
  [9, distribute('to-racks', 'linux', { groupId: 'fast' })],
  [9, distribute('to-all', 'linux', { tag: 'v1' })],
  [9, progressed('rack-2', 'to-all', 0.47)],
  [9, has('rack-2', 'linux', 'v1')],
  [9, distribute('never', 'linux', { version: 1, nodeIds: ['rack-1', 'rack-2'] })],
  [9, pullFailed('rack-2', 'never')],
  [9, distribute('soon-over', 'linux', { nodeIds: ['rack-2'] })],
  [9, cancel('soon-over')],
  [9, removeTemplate('linux', { tag: 'v1', nodeIds: ['rack-2'] })],
  [9, evicted('rack-2', 'linux', 'v1')],
  ...manyDistributions(),
  [10, { type: 'DeleteNode', nodeId: 'rack-2' }],
  [10, { type: 'UnregisterNode', nodeId: 'mac.mini-01' }],
  [10, push('linux', { tag: 'v3' })],
  [11, start('last', 'linux', { nodeId: 'rack-1', priority: 9_999 })],
  [12, { type: 'SetPolicy', policy: { ...OLDER_POLICY, lostAfterMs: 120_000, pullLimitMs: 240_000 } }],
  [12, samples.unknownVms('rack-1', 2)],
  [12, joins('rack-1', { facts: { licence: 'valid' } })],
  [12, pulling('last')],
  [16, timers],
  [16, started('last')],
  [17, silent('rack-1')],
  [18, { type: 'RunTimers', nodesWait: true }],
  [19, timers],
  [19, heard('rack-1')],
  [20, joins('mac-2', { facts: OFFERS, config: { tags: ['fast'], reservePercent: 10, ignoreAppleLimit: true } })],
  [20, start('claims', 'linux', CLAIMS)],
  [21, push('sonoma', { arch: 'arm64', cpu: 1, memoryMiB: 1024 })],
  [21, joins('mac-3', { facts: ARM, config: { capacity: 1 }, cached: [{ templateId: 'sonoma', tag: 'v1' }] })],
  [21, start('leaves', 'sonoma')],
  [21, started('leaves')],
  [21, terminate('leaves')],
  [21, joins('mac-4', { facts: ARM, config: { capacity: 1 } })],
  [21, start('patient', 'sonoma')],
  [22, timers],
  [22, started('patient')],
  [22, terminated('leaves')],
  [22, start('unhurried', 'sonoma', { priority: 9_000 })],
  [22, started('unhurried')],
  [23, { type: 'SetPolicy', policy: { preemptionGap: 1_000 } }],
  [23, start('hurried', 'sonoma', { priority: 1 })],
  [60, samples.fillMacs('0A:00:00:00:00:01', '0A:00:00:00:00:09')],
  ...SAVE_STORY,
  [60, joins('rack-9')],
  [60, start('unlucky', 'linux', { nodeId: 'rack-9' })],
  [60, startFailed('unlucky')],
  [60, terminate('unlucky')],
  [60, terminated('unlucky')],
  [72, timers],
  [73, samples.purgeMacs],
  ...ACCESS_STORY,
  [81, terminate('nobody')],
  ...WEBHOOK_STORY,
];

/** One line of commands.jsonl: a message of COMMANDS, with its place and the time of the stream. */
export interface CommandLine {
  readonly sequence: number;
  readonly time: number;
  readonly command: unknown;
}

export interface Golden {
  readonly commands: CommandLine[];
  readonly events: RecordedEvent[];
  readonly cluster: Cluster;
}

/** Tells the story to this build. */
export function tell(): Golden {
  const golden: Golden = { commands: [], events: [], cluster: emptyCluster() };
  STORY.forEach(([minute, said], index) => {
    const command = typeof said === 'function' ? said(golden.cluster) : said;
    const time = BEGIN + minute * 60_000 + index;
    const envelope: CommandEnvelope = {
      id: `story-${index}`,
      time: time - 3,
      actor: 'storyteller',
      ...(index % 3 === 0 && { auth: 'key', address: '192.0.2.7' }),
      correlationId: `chapter-${minute}`,
      ...(index % 2 === 0 && { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }),
      command,
    };
    // Commands that bring nothing are in the stream too, so the places of the others have gaps.
    const sequence = 2 * index + 1;
    const recorded = recordedCommand({ sequence, time, subject: '', content: { ok: true, envelope } }, envelope);
    const fault = checkCommand(command);
    const decision =
      fault === undefined
        ? decide(golden.cluster, recorded)
        : recordFailure(golden.cluster, recorded, 'unreadable', fault);
    golden.commands.push({ sequence, time, command: encodeCommand(envelope) });
    golden.events.push(...decision.events);
  });
  return golden;
}

/** Writes the story as this build tells it, to be kept for ever under the name of a release, and samples of what is new in it. */
export function record(folder: string): void {
  const { commands, events, cluster } = tell();
  const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'commands.jsonl'), lines(commands));
  writeFileSync(join(folder, 'events.jsonl'), lines(events.map(encodeEvent)));
  recordSamples(events);
  writeFileSync(join(folder, 'cluster.json'), `${JSON.stringify(canonicalJson(cluster), null, 2)}\n`);
}
