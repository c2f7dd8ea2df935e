import type { DesiredNode } from '#domain';

/** One value per node: what it should be running. Written by the control plane, watched by the node. */
export interface DesiredState {
  put(nodeId: string, desired: DesiredNode): Promise<void>;
  /** Undefined: nothing was ever wished; that says nothing about what should not run. */
  get(nodeId: string): Promise<DesiredNode | undefined>;
  /** Calls back with the present value, if any, and with each newer one; intermediate values may be skipped. */
  watch(nodeId: string, onChange: (desired: DesiredNode) => void): Promise<Watch>;
}

export interface Watch {
  stop(): void;
}
