import type { Decision, RecordedCommand } from '#domain';
import type { UpkeepDone } from '../retention/upkeep.js';

/** What the control plane tells about itself, for logs and metrics. Must not throw. */
export interface Observer {
  role(role: 'stand-by' | 'leader'): void;
  decided(command: RecordedCommand, decision: Decision): void;
  /** A command broke the decider; `strike` 1 and 2 are retried, then it is recorded as failed. */
  struck(sequence: number, strike: number, cause: unknown): void;
  /** The log was looked after: where it begins, and what stands for what was cut off. */
  logKept(done: UpkeepDone): void;
  /** A term ended other than by being asked to. */
  termEnded(cause: unknown): void;
  fault(doing: string, cause: unknown): void;
}
