import type { Arch } from '#domain';
import { Random } from '../random.js';
import { logNormal, meanOfLogNormal, momentsAlong, seedOf, Weighted, zipf } from './chance.js';
import { makeNodes, seatsOf, type Size } from './hosts.js';
import { type Job, MINUTE_MS, type NodePlan, type Plan, SECOND_MS } from './plan.js';
import { makeTemplates, type PushTemplate } from './templates.js';

/** Templates by architecture: together about twenty. */
const TEMPLATES: Readonly<Record<Arch, number>> = { amd64: 15, arm64: 5 };
/** Priorities and how many of a hundred jobs have them: hot fixes, pull requests, nightly work. */
const CLASSES = new Weighted(
  [
    { priority: 100, share: 6 },
    { priority: 1000, share: 74 },
    { priority: 5000, share: 20 },
  ],
  ({ share }) => share,
);
/** VMs of one request, and how many of a hundred requests want so many. */
const COUNTS = new Weighted(
  [
    { count: 1, share: 88 },
    { count: 3, share: 9 },
    { count: 8, share: 3 },
  ],
  ({ share }) => share,
);
const USE_SIGMA = 0.8;
const SHORTEST_USE_MS = 20 * SECOND_MS;
const LONGEST_USE_MS = 12 * 60 * MINUTE_MS;
/** What a VM takes of its seat besides its use: boot, stop, a share of the pulls. */
const OVERHEAD_MS = 16 * SECOND_MS;
const CANCEL_RATE = 0.02;
const CANCEL_MS = { from: SECOND_MS, to: 3 * MINUTE_MS };

/** The hosts of a plan, its templates, and the chance of each concern. */
export interface Fleet {
  readonly nodes: readonly NodePlan[];
  readonly templates: Readonly<Record<Arch, readonly PushTemplate[]>>;
  /** About how many VMs it holds at once. */
  readonly seats: number;
  /** A stream of chance of its own for each concern. */
  chance(concern: string): Random;
}

export function makeFleet(plan: Plan): Fleet {
  const chance = (concern: string): Random => new Random(seedOf(plan.seed, concern));
  const hosts = makeNodes(plan.nodes);
  const templatesFor = (arch: Arch): PushTemplate[] =>
    hosts.some(({ facts }) => facts.arch === arch)
      ? makeTemplates(chance(`templates ${arch}`), arch, TEMPLATES[arch])
      : [];
  const templates = { amd64: templatesFor('amd64'), arm64: templatesFor('arm64') };
  const nodes = hosts.map((host) => ({ ...host, seats: seatsOf(host, usualSize(templates[host.facts.arch])) }));
  return {
    nodes,
    templates,
    seats: nodes.reduce((sum, { seats }) => sum + seats, 0),
    chance,
  };
}

/** The mean size of what is asked for, by the popularity of Zipf's law. */
function usualSize(ranked: readonly PushTemplate[]): Size {
  const weights = ranked.map((_, index) => 1 / (index + 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (of: (template: PushTemplate) => number): number =>
    ranked.reduce((sum, template, index) => sum + (of(template) * (weights[index] ?? 0)) / all, 0);
  return { cpu: mean(({ cpu }) => cpu), memoryMiB: mean(({ memoryMiB }) => memoryMiB) };
}

export const allTemplates = ({ templates }: Fleet): PushTemplate[] => [...templates.amd64, ...templates.arm64];

/** How much people ask for, and when. */
export interface Appetite {
  readonly vms: number;
  readonly fromMs: number;
  readonly lengthMs: number;
  /** How dense jobs are in equal parts of that time. */
  readonly curve: readonly number[];
  /** Share of the seats that would be taken at the peak of the curve. */
  readonly peakLoad: number;
}

/** Jobs along the curve: templates by Zipf's law, uses long enough that the peak takes the wanted share of the fleet. */
export function jobsOf(fleet: Fleet, concern: string, appetite: Appetite): Job[] {
  const random = fleet.chance(`jobs ${concern}`);
  const counts = countsOf(random.fork(), appetite.vms);
  const moments = momentsAlong(random.fork(), appetite.curve, counts.length, appetite.lengthMs);
  const popular = popularity(fleet);
  const [choice, use, whim] = [random.fork(), random.fork(), random.fork()];
  const medianMs = usualUseMs(fleet.seats, appetite) / meanOfLogNormal(USE_SIGMA);
  return moments.map((atMs, index) => ({
    atMs: appetite.fromMs + atMs,
    templateId: popular(choice).templateId,
    priority: CLASSES.pick(choice).priority,
    usesMs: Array.from({ length: counts[index] ?? 1 }, () =>
      Math.round(Math.min(LONGEST_USE_MS, Math.max(SHORTEST_USE_MS / 2, logNormal(use, medianMs, USE_SIGMA)))),
    ),
    ...(whim.chance(CANCEL_RATE) && { cancelMs: whim.between(CANCEL_MS.from, CANCEL_MS.to) }),
  }));
}

/** The mean use with which the peak of the curve takes the wanted share of the seats. */
function usualUseMs(seats: number, { vms, lengthMs, curve, peakLoad }: Appetite): number {
  const mean = curve.reduce((sum, height) => sum + height, 0) / curve.length;
  const peakPerMs = (vms / lengthMs) * (Math.max(...curve) / mean);
  return Math.min(LONGEST_USE_MS / 4, Math.max(SHORTEST_USE_MS, (peakLoad * seats) / peakPerMs - OVERHEAD_MS));
}

function countsOf(random: Random, vms: number): number[] {
  const counts: number[] = [];
  for (let left = vms; left > 0; left -= counts.at(-1) ?? 1) counts.push(Math.min(left, COUNTS.pick(random).count));
  return counts;
}

/** First the architecture, as there are seats for it; then the template. */
function popularity({ nodes, templates }: Fleet): (random: Random) => PushTemplate {
  const seats = (arch: Arch): number =>
    nodes.filter(({ facts }) => facts.arch === arch).reduce((sum, node) => sum + node.seats, 0);
  const arches = new Weighted<Arch>(['amd64', 'arm64'], seats);
  const ranks = { amd64: zipf(templates.amd64), arm64: zipf(templates.arm64) };
  return (random) => ranks[arches.pick(random)].pick(random);
}
