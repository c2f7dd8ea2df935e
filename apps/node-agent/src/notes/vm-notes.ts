import type { BlobRef, ScriptResult } from '#domain';

/** What the agent must remember of a VM beyond its own restart; everything else it reads from the host or is told again. */
export interface VmNote {
  /** Highest epoch seen: a wish of an older one is out of date. */
  readonly epoch: number;
  /** The VM of this epoch is gone for good; a late wish for it must not bring it back. */
  readonly ended?: true;
  /** Why the start of this epoch failed. The control plane decides about further attempts, never the agent. */
  readonly failure?: StartFailure;
  /** The startup script of this epoch: it runs at most once in one VM. */
  readonly script?: ScriptNote;
  /** How far the saving of this VM as an image has come. */
  readonly save?: SaveNote;
}

export type SaveNote = {
  readonly requestId: string;
  /** Of the script that ran before; it runs at most once. */
  readonly script?: ScriptResult;
} & SaveStage;

type SaveStage =
  /** The script has begun, and its end was not seen. */
  | { readonly stage: 'script' }
  /** The guest is powered off, or about to be, by us. */
  | { readonly stage: 'stopping' }
  /** The layer is in the store. */
  | { readonly stage: 'saved'; readonly disk: BlobRef }
  /** `mustRun`: the guest was powered off by us and is to run again before the failure is told. */
  | { readonly stage: 'failed'; readonly message: string; readonly mustRun: boolean };

export type ScriptNote = { readonly state: 'begun' } | { readonly state: 'ended'; readonly result: ScriptResult };

export interface StartFailure {
  readonly message: string;
  readonly retryable: boolean;
  readonly script?: ScriptResult;
  /** What is to be left of the VM on the host. */
  readonly remains: 'none' | 'stopped' | 'running';
}

/** Notes of VMs that are gone, kept as a fence against late wishes; the oldest are forgotten first. */
export const MAX_ENDED_NOTES = 10_000;
/** Of a script's output so much survives a restart of the agent, per stream. */
export const MAX_NOTED_OUTPUT_LENGTH = 4096;

/** The notes of one node. What was put is seen by `get` at once; it is durable when the promise resolves. */
export interface VmNotes {
  get(vmId: string): VmNote | undefined;
  put(vmId: string, note: VmNote): Promise<void>;
  /** Nothing of the VM is left: only its epoch is kept. */
  end(vmId: string, epoch: number): Promise<void>;
  /** VMs whose notes have not ended. */
  open(): Iterable<string>;
}
