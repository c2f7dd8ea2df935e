import type { Cluster } from '../cluster.js';
import type { Command } from '../commands.js';
import type { NodeConfig } from '../node/node.js';
import { PROFILES } from '../policy.js';
import { type Vm, type VmRequest } from '../vm/vm.js';
import type { Dice } from './dice.js';
import { plausibleAccess } from './plausible-access.js';
import { plausibleDistribution } from './plausible-distributions.js';
import { plausibleClaims, plausibleMacCommand, plausibleOffers } from './plausible-claims.js';
import { plausibleGroupCommand, plausibleGroupId } from './plausible-groups.js';
import { plausibleReport } from './plausible-reports.js';
import { plausibleSave } from './plausible-saves.js';
import { plausibleWebhook } from './plausible-webhooks.js';
import { configOf, joins, push, restart, script, silent, heard, start, terminate, timers } from './samples.js';

/** Few names, so that commands meet. */
const NODES = ['n1', 'n2', 'n3', 'n4'];
const TEMPLATES = ['t-amd', 't-arm', 't-big'];
const VMS = Array.from({ length: 14 }, (_, n) => `vm-${n}`);

/** A command as it might come next, sensible in most cases and nonsense in some. */
export function plausibleCommand(dice: Dice, cluster: Cluster): Command {
  if (someoneIsPatient(cluster) && dice.onceIn(2)) return timers;
  return dice.weighted(TABLE)(dice, cluster);
}

/** Few ever are, and fewer would be in vain. */
function someoneIsPatient(cluster: Cluster): boolean {
  for (const id of cluster.pending) if (cluster.vms.get(id)?.dueAt !== undefined) return true;
  return false;
}

const TABLE: readonly (readonly [number, (dice: Dice, cluster: Cluster) => Command])[] = [
  [8, startSome],
  [5, joinNode],
  [4, pushVersion],
  [30, plausibleReport],
  [6, (dice, cluster) => terminate(someVm(dice, cluster))],
  [3, (dice, cluster) => restart(someVm(dice, cluster, 'running'))],
  [2, updateSome],
  [4, configureNode],
  [5, (dice) => ({ ...timers, ...(dice.onceIn(6) && { nodesWait: true as const }) })],
  [3, (dice) => silent(dice.pick(NODES) ?? '')],
  [4, (dice, cluster) => heard(offlineNode(dice, cluster))],
  [1, (dice) => ({ type: 'DeleteNode', nodeId: dice.pick(NODES) ?? '' })],
  [1, (dice) => ({ type: 'UnregisterNode', nodeId: dice.pick(NODES) ?? '' })],
  [1, (dice) => ({ type: 'DeleteRegistryVm', templateId: dice.pick(TEMPLATES) ?? '' })],
  [1, setPolicy],
  [6, plausibleGroupCommand],
  [1, plausibleMacCommand],
  [10, plausibleDistribution],
  [14, plausibleSave],
  [4, plausibleAccess],
  [3, plausibleWebhook],
];

function offlineNode(dice: Dice, cluster: Cluster): string {
  const offline = [...cluster.nodes.values()].filter((node) => !node.online).map((node) => node.id);
  return dice.pick<string>(offline) ?? dice.pick(NODES) ?? '';
}

/** A VM that is there, in most cases, and in that phase, if any is. */
function someVm(dice: Dice, cluster: Cluster, phase?: string): string {
  const all = [...cluster.vms.values()];
  const fitting = all.filter((vm) => vm.phase.name === phase);
  const known: string[] = (fitting.length > 0 ? fitting : all).map((vm) => vm.id);
  return dice.onceIn(8) || known.length === 0 ? (dice.pick(VMS) ?? '') : (dice.pick(known) ?? '');
}

function startSome(dice: Dice, cluster: Cluster): Command {
  const count = 1 + dice.below(5);
  const free = VMS.filter((id) => !cluster.vms.has(id as Vm['id']));
  const vmIds = dice.onceIn(10) ? VMS.slice(0, count) : free.slice(0, count);
  const templates = [...cluster.templates.keys()];
  const templateId = dice.onceIn(10) ? dice.pick(TEMPLATES) : (dice.pick(templates) ?? TEMPLATES[0]);
  const lenient = dice.onceIn(2) && { lenient: true };
  return { ...start(vmIds, templateId ?? '', requestOf(dice, cluster)), ...lenient };
}

function requestOf(dice: Dice, cluster: Cluster): Partial<VmRequest> {
  const [priority, nodeId, size] = [dice.below(4), dice.below(24), dice.below(16)];
  return {
    ...(priority > 0 && { priority: [1, 500, 10_000][priority - 1] ?? 1 }),
    ...(nodeId > 19 && { nodeId: NODES[nodeId - 20] ?? '' }),
    ...(size === 15 && { vcpu: 6 }),
    ...(size === 14 && { memoryMiB: 9000 }),
    ...(size === 13 && { tag: 'v2' }),
    ...(size === 12 && { version: 0 }),
    ...(size === 11 && { script: script(), externalId: 'job', metadata: { a: 1 }, forwards: [] }),
    ...(size === 10 && { vcpu: 0 }),
    ...(size >= 6 && size < 10 && { groupId: plausibleGroupId(dice, cluster) }),
    ...(size === 5 && plausibleClaims(dice)),
  };
}

function joinNode(dice: Dice): Command {
  const index = dice.below(NODES.length);
  const cached = TEMPLATES.filter(() => dice.onceIn(3)).map((templateId) => ({ templateId, tag: 'v1' }));
  return joins(NODES[index] ?? '', {
    // The last node is an arm64 host, and every second one counts its resources.
    facts: {
      arch: index === 3 ? 'arm64' : 'amd64',
      cpuCount: 2 + dice.below(3),
      memoryMiB: 10_240,
      ...(index > 0 && plausibleOffers(dice)),
    },
    config: configOf({ capacityMode: index % 2 === 0 ? 'number' : 'resource', capacity: 1 + dice.below(3) }),
    cached,
  });
}

function pushVersion(dice: Dice): Command {
  const index = dice.below(TEMPLATES.length);
  return push(TEMPLATES[index] ?? '', {
    tag: dice.pick(['v1', 'v2', 'v3']) ?? '',
    arch: index === 1 ? 'arm64' : 'amd64',
    cpu: index === 2 ? 5 : 1 + dice.below(2),
    memoryMiB: index === 2 ? 6000 : 1024,
  });
}

function updateSome(dice: Dice, cluster: Cluster): Command {
  const vmId = someVm(dice, cluster);
  return dice.onceIn(2)
    ? { type: 'UpdateVM', vmId, metadata: { [`key-${dice.below(3)}`]: dice.below(5) } }
    : { type: 'UpdateVM', vmId, name: `name ${dice.below(5)}` };
}

function configureNode(dice: Dice): Command {
  const changes: readonly Partial<NodeConfig>[] = [
    { drain: false },
    { drain: true },
    { capacity: dice.below(4) },
    { capacityMode: 'number' },
    { capacityMode: 'resource' },
    { vcpuOverride: dice.below(12), memoryMiBOverride: 1024 * dice.below(12) },
    { capacityMode: 'number', capacity: 5 },
    { tags: ['fast'] },
    { tags: [], reservePercent: 50 },
    { reservePercent: 0, ignoreAppleLimit: dice.onceIn(2) },
  ];
  return { type: 'ConfigNode', nodeId: dice.pick(NODES) ?? '', config: dice.pick(changes) ?? {} };
}

function setPolicy(dice: Dice): Command {
  const policy = {
    terminatedVisibleMs: dice.pick([60_000, 0, 1000]) ?? 0,
    nodeSilentMs: 120_000,
    startLimitMs: dice.pick([90_000, 1, 10_000]) ?? 1,
    lostAfterMs: dice.pick([60_000, 0, 1_000]) ?? 0,
    pullLimitMs: dice.pick([20_000, 3_600_000]) ?? 1,
    saveLimitMs: dice.pick([3_600_000, 20_000]) ?? 1,
    saveVisibleMs: dice.pick([86_400_000, 0, 10_000]) ?? 0,
    profile: dice.pick(PROFILES) ?? 'distribute-load',
    ageingMsPerPoint: dice.pick([3600, 0, 10]) ?? 0,
    cachedNodeWaitMs: dice.pick([5000, 1000, 0]) ?? 0,
    cachedOvertakeMs: dice.pick([60_000, 0]) ?? 0,
    preemptionGap: dice.pick([0, 0, 400]) ?? 0,
    apiKeyCleaningMs: dice.pick([60_000, 0, 1_000]) ?? 0,
  };
  return { type: 'SetPolicy', policy };
}
