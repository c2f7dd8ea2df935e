import type { Report } from '#domain';
import type { Step } from './next-step.js';

/** The VM that something is about. */
export interface VmRef {
  readonly nodeId: string;
  readonly vmId: string;
  readonly epoch: number;
}

export type StepEnd = 'done' | 'cancelled' | 'failed';

/** Hears what the agent does: logs and metrics. Must not throw. */
export interface AgentObserver {
  began(step: Step, vm: VmRef): void;
  ended(step: Step, vm: VmRef, end: StepEnd, tookMs: number, cause?: unknown): void;
  /** Queued for the control plane. */
  told(report: Report): void;
  /** A script that nobody waits for ended. Only its code and sizes: its output may hold secrets. */
  scriptEnded(vm: VmRef, returnCode: number, outputLength: number): void;
  /** Something failed that will be tried again. */
  fault(doing: string, nodeId: string, cause: unknown): void;
}

export const SILENT: AgentObserver = {
  began: () => undefined,
  ended: () => undefined,
  told: () => undefined,
  scriptEnded: () => undefined,
  fault: () => undefined,
};
