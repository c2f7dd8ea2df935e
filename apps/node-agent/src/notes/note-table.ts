import { MAX_ENDED_NOTES, type VmNote } from './vm-notes.js';

/** Notes by VM, bounded: those of living VMs all, of ended ones the latest. */
export class NoteTable {
  readonly #open = new Map<string, VmNote>();
  readonly #ended = new Map<string, VmNote>();

  constructor(private readonly maxEnded = MAX_ENDED_NOTES) {}

  get size(): number {
    return this.#open.size + this.#ended.size;
  }

  get(vmId: string): VmNote | undefined {
    return this.#open.get(vmId) ?? this.#ended.get(vmId);
  }

  set(vmId: string, note: VmNote): void {
    this.#open.delete(vmId);
    this.#ended.delete(vmId);
    if (!note.ended) {
      this.#open.set(vmId, note);
      return;
    }
    this.#ended.set(vmId, { epoch: note.epoch, ended: true });
    if (this.#ended.size <= this.maxEnded) return;
    for (const oldest of this.#ended.keys()) {
      this.#ended.delete(oldest);
      return;
    }
  }

  open(): string[] {
    return [...this.#open.keys()];
  }

  /** The ended ones first, so that reading them back in this order keeps their age. */
  *entries(): Generator<[string, VmNote]> {
    yield* this.#ended;
    yield* this.#open;
  }
}
