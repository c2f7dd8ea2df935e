import type { NodeId, SaveId, VmId } from '../ids.js';
import type { Labels, Resources } from '../node/node.js';
import type { Choice } from '../placement/choice.js';
import type { TemplateImage } from '../template/template.js';

/** One VM that somebody asked for, from acceptance to the end of its visibility. */
export interface Vm {
  readonly id: VmId;
  /** Sequence of its StartVM event: its place in the queue. */
  readonly acceptedSequence: number;
  /** Sequence of the command that asked for it. */
  readonly acceptedBy: number;
  readonly createdAt: number;
  /** Of the request that the VM follows now: to start, to restart, or to end. */
  correlationId: string;
  readonly request: VmRequest;
  readonly image: TemplateImage;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly forwards: readonly ForwardRule[];
  name?: string;
  externalId?: string;
  metadata: Metadata;
  attempts: readonly StartAttempt[];
  /** Why it was placed where it was placed last. */
  choice?: Choice;
  /** How many restarts were asked for; the host fulfils the wish when its own count has reached it. */
  restarts: number;
  /** How many of them were done when the host last reported a restart. */
  restartsDone: number;
  phase: VmPhase;
  /** When a timer must look at this VM, unix ms. */
  dueAt?: number;
}

/** Where the VM is in its life; each phase has exactly the fields that are true in it. */
export type VmPhase =
  | Pending
  | {
      readonly name: 'assigned';
      readonly at: Placement;
      /** The node said that it pulls. */
      readonly pulling: boolean;
      /** The node did not have the template when the VM was placed, and has not said since that it has. */
      readonly needsPull: boolean;
    }
  | {
      readonly name: 'running';
      readonly at: Placement;
      readonly instance: HostInstance;
      readonly script?: ScriptResult;
    }
  | {
      readonly name: 'stopped';
      readonly at: Placement;
      readonly instance: HostInstance;
      readonly script?: ScriptResult;
    }
  | {
      readonly name: 'failed';
      readonly at?: Placement;
      readonly instance?: HostInstance;
      readonly script?: ScriptResult;
      readonly message: string;
    }
  | {
      /** Held while what its guest wrote is made a new image. */
      readonly name: 'pushing';
      readonly at: Placement;
      readonly instance: HostInstance;
      readonly script?: ScriptResult;
      readonly requestId: SaveId;
    }
  | {
      readonly name: 'terminating';
      readonly at: Placement;
      readonly instance?: HostInstance;
      /** It lives on as an image: once it is gone nobody need see it any more. */
      readonly isSaved?: true;
    }
  | { readonly name: 'terminated'; readonly message?: string };

/** Waiting for a node. */
export interface Pending {
  readonly name: 'pending';
  /** Since when, unix ms: acceptance, or the end of the last attempt. */
  readonly since: number;
  /** Whether it may still choose to wait for a node that has its template. */
  readonly isPatient: boolean;
  /** It waits for room to come free on a node that has its template. */
  readonly deferred?: { readonly nodeId: NodeId; readonly until: number };
  /** The VM that was ended to make room for this one. */
  readonly preempts?: VmId;
}

/** A VM's seat on a node. The epoch is the sequence of the VMScheduled event and fences everything that node says or is told. */
export interface Placement {
  readonly nodeId: NodeId;
  readonly epoch: number;
  /** Id of the USB device that the VM holds there. */
  readonly usbDevice?: string;
  /** The MAC address that it was given, in small letters; absent: it has its own, or none. */
  readonly macAddress?: string;
}

export interface StartAttempt {
  readonly nodeId: NodeId;
  readonly message: string;
  /** Unix ms of the failure. */
  readonly at: number;
}

export type Metadata = Readonly<Record<string, string | number | boolean>>;

/** What the caller asked for, beyond the template. Absent means the default. */
export interface VmRequest {
  readonly templateId: string;
  readonly tag?: string;
  /** 0-based version number, instead of a tag. */
  readonly version?: number;
  readonly name?: string;
  readonly externalId?: string;
  readonly metadata?: Metadata;
  /** 1–10000, lower is more urgent. */
  readonly priority?: number;
  readonly nodeId?: string;
  readonly groupId?: string;
  readonly vcpu?: number;
  readonly memoryMiB?: number;
  /** Name on the host, with `$` placeholders (anka.md §2.2). */
  readonly nameTemplate?: string;
  /** Replaces all rules of the template. */
  readonly forwards?: readonly ForwardRule[];
  readonly script?: StartupScript;
  /** Name of a group of USB devices, or the id of one. */
  readonly usbDevice?: string;
  /** Only nodes that have all of these with the same values. */
  readonly labels?: Labels;
  /** Only nodes that have so much of each left. */
  readonly resources?: Resources;
  /** Nodes with this tag first; with `nodeTagRequired` only they. */
  readonly nodeTag?: string;
  readonly nodeTagRequired?: boolean;
  /** Held by at most one VM of the fleet that has a seat. Six hexadecimal pairs with colons; large or small letters are the same. */
  readonly macAddress?: string;
  /** Only nodes that are in this network. */
  readonly vlan?: string;
  /** Parameters of a dialect that no driver here acts on; kept so that nothing asked for is lost. */
  readonly passthrough?: Readonly<Record<string, unknown>>;
}

export interface ForwardRule {
  readonly name: string;
  readonly guestPort: number;
  /** Absent: the host allocates one. */
  readonly hostPort?: number;
}

/** A startup script, by reference: scripts carry secrets, so their text never enters the log. */
export interface StartupScript {
  readonly digest: string;
  readonly sizeBytes: number;
  /** Run it when the guest's network is up, or right after boot. */
  readonly when: 'network' | 'boot';
  /** Monitored: the VM counts as started only when the script ended well, and its result is reported. */
  readonly monitored: boolean;
  readonly timeoutMs: number;
  readonly onFailure: 'stop' | 'keep' | 'delete';
}

export interface ScriptResult {
  /** −1 when it timed out. */
  readonly returnCode: number;
  readonly didTimeout: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** The VM as its host describes it. Times are unix ms. */
export interface HostInstance {
  readonly uuid: string;
  readonly name: string;
  readonly status: 'running' | 'stopped';
  readonly cpu: number;
  readonly memoryMiB: number;
  /** Address that clients connect to. */
  readonly hostIp: string;
  readonly guestIp: string;
  readonly forwards: readonly Forward[];
  readonly createdAt: number;
  readonly startedAt: number;
  readonly stoppedAt?: number;
}

export interface Forward {
  readonly name: string;
  readonly guestPort: number;
  readonly hostPort: number;
  readonly protocol: 'tcp';
}

/** The seat that the VM holds now, whatever its phase. */
export function placementOf(vm: Vm): Placement | undefined {
  return 'at' in vm.phase ? vm.phase.at : undefined;
}

/** Whether the VM takes room on its node. */
export function occupies(vm: Vm): boolean {
  const instance = 'instance' in vm.phase ? vm.phase.instance : undefined;
  return takesRoom({
    isSeated: placementOf(vm) !== undefined,
    phase: vm.phase.name,
    isPoweredOff: instance?.status === 'stopped',
    isRestarting: vm.restarts > vm.restartsDone,
  });
}

export interface RoomFacts {
  readonly isSeated: boolean;
  readonly phase: VmPhase['name'];
  readonly isPoweredOff: boolean;
  /** A restart was asked for and is not done. */
  readonly isRestarting: boolean;
}

/** A VM takes room from its placement until it is known to be gone or powered off; what is left of it then takes only disk. */
export function takesRoom({ isSeated, phase, isPoweredOff, isRestarting }: RoomFacts): boolean {
  if (!isSeated) return false;
  // It will be back on its node, which therefore must not give its room away.
  if (phase === 'stopped') return isRestarting;
  const isOver = phase === 'failed' || phase === 'terminating';
  return !(isOver && isPoweredOff);
}

/** Whether the VM holds exactly that seat: the test that every report must pass. */
export function isSeatedAt(vm: Vm, nodeId: string, epoch: number): boolean {
  const at = placementOf(vm);
  return at !== undefined && at.nodeId === nodeId && at.epoch === epoch;
}
