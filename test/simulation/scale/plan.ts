import type { Command, NodeConfig, NodeFacts } from '#domain';
import type { PushTemplate } from './templates.js';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** Midnight at which every simulated day begins: unix ms. */
export const START_OF_TIME = Date.UTC(2026, 0, 1);

/** What is asked for on the command line. Together with the program it determines every byte of the log. */
export interface Plan {
  readonly scenario: string;
  readonly nodes: number;
  readonly vms: number;
  readonly seed: number;
}

/** A host and its habits. */
export interface NodePlan {
  readonly nodeId: string;
  readonly facts: NodeFacts;
  readonly config: NodeConfig;
  /** Templates in its cache when it joins. */
  readonly cached: readonly { readonly templateId: string; readonly tag: string }[];
  /** About how many VMs it holds: its weight in a mean. */
  readonly seats: number;
  readonly pullBytesPerSecond: number;
  /** How often a start fails here, 0–1, beyond what fails everywhere. */
  readonly failureRate: number;
}

/** One request of somebody, and what they will do with the VMs. Times are ms after the start. */
export interface Job {
  readonly atMs: number;
  readonly templateId: string;
  /** Absent: the newest at that time. */
  readonly tag?: string;
  readonly priority: number;
  /** How long each VM is used once it runs; one VM each. */
  readonly usesMs: readonly number[];
  /** Whoever asked loses interest then, whatever has become of it. */
  readonly cancelMs?: number;
}

/** Something that befalls the fleet, at a time in ms after the start. */
export type Incident = { readonly atMs: number } & (
  | { readonly kind: 'asked'; readonly command: Command }
  /** The node is cut off, or loses power and with it its VMs. */
  | { readonly kind: 'away'; readonly nodeId: string; readonly forMs: number; readonly losesPower: boolean }
  /** Nodes are emptied, restarted and taken back, so many at a time. */
  | {
      readonly kind: 'maintenance';
      readonly nodeIds: readonly string[];
      readonly width: number;
      readonly awayMs: number;
    }
);

/** A plan spelled out: who is there, who comes and when, and what goes wrong. */
export interface Script {
  readonly nodes: readonly NodePlan[];
  readonly templates: readonly PushTemplate[];
  /** In the order of time. */
  readonly jobs: readonly Job[];
  readonly incidents: readonly Incident[];
  /** The time that the figures are about, ms. What was begun by then is lived to its end. */
  readonly lengthMs: number;
  /** Templates whose starts always fail. */
  readonly poisoned: ReadonlySet<string>;
}

/** A kind of day. */
export interface Scenario {
  readonly name: string;
  /** One sentence for people. */
  readonly about: string;
  readonly usual: { readonly nodes: number; readonly vms: number };
  script(plan: Plan): Script;
}
