import type { Explanation } from '#domain';
import type { Watch } from './desired-state.js';

/** What the control plane knows of a VM. */
export interface Explained {
  /** Sequence of the last event that the answer knows of. */
  readonly asOf: number;
  /** Absent: there is no such VM. */
  readonly explanation?: Explanation;
}

/**
 * Asks the control plane, which alone has the whole cluster in memory. The question is the id and nothing more: who has read an event
 * asks a writer that wrote it before, so that the answer never lags behind what the asker has seen.
 */
export interface ExplainDoor {
  /** Throws `Unavailable`: with dependency `control-plane` when nobody answers in time, with `nats` when nobody could be asked. */
  explain(vmId: string): Promise<Explained>;
}

/** Where questions come in: core NATS, so that nothing of them is kept. */
export interface ExplainDesk {
  /** Answers until stopped. Who answers undefined, or throws, leaves the question to others. */
  open(answer: (vmId: string) => Promise<Explained | undefined>): Watch;
}
