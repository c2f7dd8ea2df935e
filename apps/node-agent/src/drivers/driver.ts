/** What runs VMs on one host: the port behind which every hypervisor stands. All drivers pass `driver.contract.ts`. */
export interface VmDriver {
  readonly name: 'qemu' | 'simulated';

  /** Finds out, by really trying, what this host can run. Throws when it can run nothing. */
  probe(): Promise<DriverCapabilities>;

  /** Every VM this driver keeps on this host, running or not, read from the host itself: the basis of re-adoption. */
  list(): Promise<HostVm[]>;

  /**
   * VMs that the hypervisor runs on this host and that no Muster made, by the names that it gives them: they take room, too. Empty
   * where the hypervisor keeps no list of all its VMs.
   */
  listUnknown(): Promise<string[]>;

  /** Ends a VM of {@link listUnknown} by force. Absent: nothing happens. */
  endUnknown(name: string): Promise<void>;

  /**
   * Creates the VM if it is absent and boots it if it is stopped; returns once its process runs. Idempotent on (vmId, epoch).
   * The template's blobs must be in the cache. Throws {@link DriverError}; after a throw nothing is left of a VM that was absent
   * before, and one that was stopped is stopped.
   */
  start(spec: VmSpec, signal: AbortSignal): Promise<HostVm>;

  /** Resolves when the guest's userland answers (its agent replies). Throws `GUEST_UNREACHABLE` at the deadline. */
  waitReady(vmId: string, timeoutMs: number, signal: AbortSignal): Promise<HostVm>;

  /** Feeds the script to `sh` inside the guest. A script that overruns is killed and reported as timed out, never thrown. */
  runScript(vmId: string, script: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<ScriptResult>;

  /** Graceful, then forced. The disk stays. Stopped or absent: nothing happens. */
  stop(vmId: string, graceMs: number): Promise<void>;

  /** Stops the VM and removes everything it has on the host. Absent: nothing happens. */
  destroy(vmId: string, graceMs: number): Promise<void>;

  /**
   * Forced stop, then boot of the same disk with the same ports (with others where one has been taken meanwhile). `restarts` is
   * remembered with the VM, so the wish is fulfilled once: with a number that is not higher, nothing happens. Absent:
   * `INVALID_ARGUMENT`.
   */
  restart(vmId: string, restarts: number, signal: AbortSignal): Promise<HostVm>;

  /**
   * What the stopped VM has on its disk beyond its image, as a layer that stands on the image's own. Changes nothing of the VM, so it may
   * be repeated, by the next agent too, and then gives the same bytes. Absent or running: `INVALID_ARGUMENT`.
   */
  commit(vmId: string, signal: AbortSignal): Promise<Layer>;
}

/** A layer on this host. */
export interface Layer extends BlobRef {
  /** Its bytes. They can be read until the VM is started again or destroyed. */
  open(): Promise<Blob>;
}

export interface DriverCapabilities {
  driver: 'qemu' | 'simulated';
  version: string;
  accelerator: string;
  arch: 'amd64' | 'arm64';
  cpuCount: number;
  memoryMiB: number;
}

/** One VM as wished. `vmId` and `epoch` together name one incarnation: the epoch is the log sequence of its placement. */
export interface VmSpec {
  vmId: string;
  epoch: number;
  /** Name on the host, e.g. `mgmtManaged-…`. Shown, never used in a path or a shell. */
  name: string;
  image: TemplateImage;
  cpu: number;
  memoryMiB: number;
  forwards: ForwardRule[];
  restarts: number;
}

/**
 * The files of one template version, by digest (`sha256:` and 64 hex digits). Its disk is a stack of layers, each holding what differs
 * from those below it.
 */
export interface TemplateImage {
  templateId: string;
  tag: string;
  /** Layers below `disk`, the lowest first. Absent: `disk` is all there is. */
  base?: readonly BlobRef[];
  /** The uppermost layer. */
  disk: BlobRef;
  /** Direct kernel boot; without it the firmware boots the disk. */
  kernel?: BlobRef;
  initrd?: BlobRef;
  /** Kernel command line, without the flags that the accelerator needs. */
  cmdline?: string;
}

export interface BlobRef {
  digest: string;
  sizeBytes: number;
}

export interface ForwardRule {
  name: string;
  guestPort: number;
  /** Absent: the driver allocates one from 10000 up. */
  hostPort?: number;
}

export interface Forward extends Required<ForwardRule> {
  protocol: 'tcp';
}

export interface HostVm {
  vmId: string;
  epoch: number;
  /** RFC 4122 id of the VM on the host. */
  uuid: string;
  name: string;
  status: 'running' | 'stopped';
  cpu: number;
  memoryMiB: number;
  /** Address at which the guest is known to itself; '' until known. */
  guestIp: string;
  forwards: Forward[];
  restarts: number;
  /** Unix milliseconds. */
  createdAt: number;
  startedAt: number;
  stoppedAt?: number;
}

export interface ScriptResult {
  /** −1 when the script timed out. */
  returnCode: number;
  didTimeout: boolean;
  /** Tail of the stream, at most {@link SCRIPT_OUTPUT_LIMIT_BYTES}; control characters but tab and line ends are replaced. */
  stdout: string;
  stderr: string;
}

/** Two streams of this size and their envelope stay below NATS's default payload limit of 1 MiB, even when JSON doubles them. */
export const SCRIPT_OUTPUT_LIMIT_BYTES = 128 * 1024;

export type DriverErrorCode =
  | 'NO_SPACE'
  | 'PORT_IN_USE'
  | 'IMAGE_INVALID'
  | 'IMAGE_MISSING'
  | 'GUEST_UNREACHABLE'
  | 'ACCELERATOR_BROKEN'
  | 'TOOL_MISSING'
  | 'TOOL_FAILED'
  | 'INVALID_ARGUMENT'
  | 'CANCELLED';

/** The host failed to do something. `retryable`: another attempt, here or on another node, may succeed. */
export class DriverError extends Error {
  constructor(
    readonly code: DriverErrorCode,
    message: string,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DriverError';
  }
}
