import type { CloudEvent } from '#events';
import type { LawBook } from './law-book.js';

const LAW = 'a save holds its VM, and ends once';

/** Saves by the books: each holds a VM that runs, and lets it go when it ends, for better or worse. */
export class SaveBook {
  private readonly open = new Set<string>();
  /** Which save holds the VM. */
  private readonly heldFor = new Map<string, string>();

  constructor(private readonly laws: LawBook) {}

  readSave(type: string, { subject: id, sequence }: CloudEvent): void {
    const expect = (holds: boolean, what: string): void =>
      this.laws.expect(LAW, holds, () => `${type} of ${id} at ${sequence}: ${what}`);
    if (type === 'SaveImage') {
      expect(!this.open.has(id), 'accepted twice');
      this.open.add(id);
    }
    if (type === 'ImageSaved' || type === 'ImageSaveFailed') expect(this.open.delete(id), 'it had ended');
    if (type === 'ImageSaveForgotten') expect(!this.open.has(id), 'it has not ended');
  }

  /** `isOn`: whether the VM runs, by the books. */
  readVm(type: string, { subject: vmId, sequence, data }: CloudEvent, isOn: boolean): void {
    const id = String(data['requestId']);
    const expect = (holds: boolean, what: string): void =>
      this.laws.expect(LAW, holds, () => `${type} of ${vmId} at ${sequence}: ${what}`);
    if (type === 'VMPushing') {
      expect(isOn && !this.heldFor.has(vmId), 'does not run, or is held');
      this.heldFor.set(vmId, id);
    }
    if (type !== 'VMPushed' && type !== 'VMPushFailed') return;
    expect(this.heldFor.get(vmId) === id, `is not held for ${id}`);
    this.heldFor.delete(vmId);
  }

  /** The VM has no seat any more. */
  leave(vmId: string): void {
    this.heldFor.delete(vmId);
  }

  /** To be called when everything should be at rest. */
  auditEnd(): void {
    for (const id of this.open) this.laws.breach(`${id} has not ended`);
    for (const [vmId, id] of this.heldFor) this.laws.breach(`${vmId} is still held for ${id}`);
  }
}
