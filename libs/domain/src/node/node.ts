import type { TemplateImage } from '../template/template.js';
import type { DistributionId, GroupId, NodeId, VmId } from '../ids.js';
import type { Held } from './held.js';

/** A host that runs VMs. */
export interface Node {
  readonly id: NodeId;
  /** Its number in sets of nodes; unique among the nodes that are there. */
  readonly ordinal: number;
  facts: NodeFacts;
  config: NodeConfig;
  online: boolean;
  /** Set between DeleteNode and the end of its last VM's story; such a node takes nothing. */
  deleted: boolean;
  /** Kept over restarts of the node. */
  readonly groups: Set<GroupId>;
  /** Templates in its cache, as `cacheKey`. */
  readonly cached: Map<string, CachedTemplate>;
  /** Distributions of which this node's part has not ended, oldest first. */
  readonly distributions: Set<DistributionId>;
  /** What is to leave its cache, by `cacheKey`: part of `cached` until the node says that it is gone. */
  readonly removals: Map<string, CachedTemplate>;
  /** VMs that have a seat here, running or not. */
  readonly vms: Set<VmId>;
  /** Templates that VMs with a seat here wait for, as `cacheKey`, and how many do. */
  readonly pulls: Map<string, number>;
  /** Starts that failed here in a row, up to a limit. */
  strikes: number;
  /** When they are forgotten, unix ms. Present while there are any. */
  strikesFadeAt?: number;
  /** VMs that are ending here and still take room. */
  releasing: number;
  /** VMs that wait, for a short time, for room to come free here. */
  awaited: number;
  /** What the VMs that occupy room take together. */
  readonly used: { vms: number; cpu: number; memoryMiB: number };
  /** What VMs with a seat here hold of it besides room. */
  readonly held: Held;
  /** VMs on the host that nobody of Muster knows, as the node counted them last; absent: none. */
  unknownVms?: number;
  /** When whatever it holds is given up, unix ms: set while it is silent and holds something. */
  dueAt?: number;
}

/** What the node says about itself when it joins. */
export interface NodeFacts {
  readonly name: string;
  /** Address at which clients reach forwarded ports. */
  readonly host: string;
  readonly arch: Arch;
  readonly cpuCount: number;
  readonly memoryMiB: number;
  readonly driver: string;
  readonly driverVersion: string;
  readonly agentVersion: string;
  /** Of the hypervisor, where it needs one. Absent: it needs none, or it is valid. */
  readonly licence?: Licence;
  /** As the host calls it: `darwin`, `linux` … */
  readonly os?: string;
  /** Size of the disk on which templates and VMs lie. Absent: nobody knows, and no VM is kept away for it. */
  readonly diskBytes?: number;
  readonly usbDevices?: readonly UsbDevice[];
  /** What a VM may ask of the host by name; a VM goes where all of its own are, with equal values (orchard.md §3.4). */
  readonly labels?: Labels;
  /** What is counted on the host besides cores and memory. */
  readonly resources?: Resources;
  /** Networks of which a VM here can be part. */
  readonly vlans?: readonly string[];
}

export interface UsbDevice {
  readonly id: string;
  /** Devices of one group can take each other's place. */
  readonly group: string;
}

export type Labels = Readonly<Record<string, string>>;
/** Whole numbers by name; what is not named is 0. */
export type Resources = Readonly<Record<string, number>>;

export const ARCHITECTURES = ['amd64', 'arm64'] as const;
export type Arch = (typeof ARCHITECTURES)[number];

export const LICENCES = ['valid', 'invalid'] as const;
export type Licence = (typeof LICENCES)[number];

/** By number of VMs, or by vCPUs and memory. */
export const CAPACITY_MODES = ['number', 'resource'] as const;

/** Owned by the controller: the node proposes it once, when it is first seen; afterwards only ConfigNode changes it. */
export interface NodeConfig {
  readonly capacityMode: (typeof CAPACITY_MODES)[number];
  /** VMs at once, in number mode. */
  readonly capacity: number;
  /** vCPUs and MiB at once, in resource mode; 0: derived from the facts. */
  readonly vcpuOverride: number;
  readonly memoryMiBOverride: number;
  readonly drain: boolean;
  /** How much of the disk stays free when templates are pulled; absent: {@link DEFAULT_RESERVE_PERCENT}. */
  readonly reservePercent?: number;
  /** What operators mark nodes with (orka.md §4.1). */
  readonly tags?: readonly string[];
  /** More than two VMs at once on a host with Apple's chips: for who may. */
  readonly ignoreAppleLimit?: boolean;
}

/** anka.md §5. */
export const DEFAULT_RESERVE_PERCENT = 20;

export interface CachedTemplate {
  readonly templateId: string;
  readonly tag: string;
}

export const cacheKey = (templateId: string, tag: string): string => `${templateId}\n${tag}`;

/** Keys that were made before: every decision about a VM asks for that of its image several times. */
const imageKeys = new WeakMap<TemplateImage, string>();

/** The image as nodes name it in their caches. */
export function imageKey(image: TemplateImage): string {
  const known = imageKeys.get(image);
  if (known !== undefined) return known;
  const key = cacheKey(image.templateId, image.tag);
  imageKeys.set(image, key);
  return key;
}

/** What of the template, or of that one tag of it, is in the node's cache, with the keys. */
export function removable(node: Node, templateId: string, tag?: string): [key: string, CachedTemplate][] {
  return [...node.cached].filter(
    ([, cached]) => cached.templateId === templateId && (tag === undefined || cached.tag === tag),
  );
}

/** Left to the host itself in resource mode (anka.md §5). */
const HOST_RESERVE_MIB = 2048;

/** What may be placed on the node in resource mode: twice its cores, its memory less a reserve, or the overrides. */
export function resourceLimits(node: Pick<Node, 'facts' | 'config'>): { cpu: number; memoryMiB: number } {
  return {
    cpu: node.config.vcpuOverride || node.facts.cpuCount * 2,
    memoryMiB: node.config.memoryMiBOverride || Math.max(0, node.facts.memoryMiB - HOST_RESERVE_MIB),
  };
}

/** VMs that count against the number of slots: ours, and those that somebody started by hand (anka.md §5). */
export function slotsInUse(node: Pick<Node, 'used' | 'unknownVms'>): number {
  return node.used.vms + (node.unknownVms ?? 0);
}
