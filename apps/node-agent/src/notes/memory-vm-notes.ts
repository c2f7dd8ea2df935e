import { NoteTable } from './note-table.js';
import type { VmNote, VmNotes } from './vm-notes.js';

/** Notes that live as long as this object: for simulated nodes, whose VMs do not outlive the process either. */
export class MemoryVmNotes implements VmNotes {
  readonly #table = new NoteTable();

  get(vmId: string): VmNote | undefined {
    return this.#table.get(vmId);
  }

  async put(vmId: string, note: VmNote): Promise<void> {
    this.#table.set(vmId, note);
  }

  async end(vmId: string, epoch: number): Promise<void> {
    this.#table.set(vmId, { epoch, ended: true });
  }

  open(): Iterable<string> {
    return this.#table.open();
  }
}
