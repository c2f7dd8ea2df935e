import type { Waits } from './waits.js';

/** What one run came to. Times in ms unless named otherwise; shares 0–1. */
export interface Figures {
  readonly placement: string;
  readonly utilisation: { readonly mean: number; readonly peak: number };
  readonly queue: { readonly mean: number; readonly peak: number };
  /** From acceptance to a running guest. */
  readonly wait: Waits;
  /** From acceptance to the first node. */
  readonly queued: Waits;
  readonly waitByClass: Readonly<Record<string, Waits>>;
  readonly fairness: { readonly byClass: number; readonly byTemplate: number };
  readonly accepted: number;
  readonly started: number;
  readonly pulls: number;
  readonly pulledBytes: number;
  /** Starts on a node that had the template. */
  readonly pullsAvoided: number;
  readonly retries: number;
  readonly failed: number;
  readonly lost: number;
  readonly cancelled: number;
  readonly refused: number;
  readonly waitingAtEnd: number;
  readonly commands: number;
  readonly events: number;
  /** SHA-256 of events.ndjson. */
  readonly digest: string;
  /** Virtual time of the whole run. */
  readonly livedMs: number;
  readonly laws: Readonly<Record<string, number>>;
  readonly breaches: readonly string[];
  readonly broken: number;
  readonly course: Course;
  /** The only figures that another run of the same plan has otherwise. */
  readonly wall: { readonly decidingMs: number; readonly totalMs: number };
}

/** How it went, in equal parts of time. */
export interface Course {
  readonly partMs: number;
  readonly utilisation: readonly number[];
  readonly queueMean: readonly number[];
  readonly queuePeak: readonly number[];
  readonly pulls: readonly number[];
  readonly starts: readonly number[];
  /** Waits at 0 %, 0.5 %, 1 % … 100 % of the starts. */
  readonly waitQuantiles: readonly number[];
  /** For each row of nodes, its load in each part, 0–1; −1 where it was silent. */
  readonly heat: readonly (readonly number[])[];
  /** Nodes in one row of the heat. */
  readonly nodesPerRow: number;
}
