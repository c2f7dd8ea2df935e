import {
  type ForwardRule,
  type HostInstance,
  type Metadata,
  type ScriptResult,
  type StartAttempt,
  type TemplateImage,
  type VmPhase,
  type VmRequest,
  takesRoom,
} from '#domain';

/** One VM as the doors show it: a plain document, folded from the events about this VM alone. Times are unix ms. */
export interface VmRow {
  readonly id: string;
  /** Sequence of the last event in this row. */
  readonly sequence: number;
  readonly phase: VmPhase['name'];
  /** The node pulls the template first. Only while assigned. */
  readonly pulling: boolean;
  /** The node on which it has, or at its end had, a seat; absent while it waits for one. */
  readonly nodeId?: string;
  /** Names the seat; present exactly while the VM holds it. */
  readonly epoch?: number;
  /** Id of the USB device that it holds there. */
  readonly usbDevice?: string;
  /** The MAC address that it was given there, in small letters; absent: it has its own, or none. */
  readonly macAddress?: string;
  readonly request: VmRequest;
  /** The template version that was resolved when the VM was accepted. */
  readonly image: TemplateImage;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly forwards: readonly ForwardRule[];
  readonly name?: string;
  readonly externalId?: string;
  readonly metadata: Metadata;
  /** The last that its host said of it; kept when the VM ends. */
  readonly instance?: HostInstance;
  /** Result of its monitored script; kept when the VM ends. */
  readonly script?: ScriptResult;
  /** Why it failed or ended. Only when failed or terminated. */
  readonly message?: string;
  /** Starts that failed before, oldest first. */
  readonly attempts: readonly StartAttempt[];
  readonly restarts: number;
  /** How many of the restarts asked for are done. */
  readonly restartsDone: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly startedAt?: number;
  readonly terminatedAt?: number;
  /** Sequence of its StartVM event: lists are in this order. */
  readonly acceptedSequence: number;
  /** The command that asked for it, who sent it, and as part of what. */
  readonly acceptedCommandId: string;
  readonly acceptedActor: string;
  readonly correlationId: string;
}

/** Absent fields do not restrict. */
export interface VmFilter {
  readonly phase?: VmRow['phase'];
  readonly nodeId?: string;
  readonly externalId?: string;
}

/** VMs as of the last sequence that the projection has reached. Every method throws `Unavailable` when the store is away. */
export interface VmView {
  get(id: string): Promise<VmRow | undefined>;
  /** In the order of their acceptance. */
  list(filter?: VmFilter): Promise<readonly VmRow[]>;
}

/** Whether the VM takes room on its node: the domain's own rule, on a row. */
export const occupiesRoom = (row: VmRow): boolean =>
  takesRoom({
    isSeated: row.epoch !== undefined,
    phase: row.phase,
    isPoweredOff: row.instance?.status === 'stopped',
    isRestarting: row.restarts > row.restartsDone,
  });
