import { beforeEach, describe, expect, it } from '@jest/globals';
import type { VmNotes } from './vm-notes.js';

/** What every form of the notes does. */
export function vmNotesContract(form: string, make: () => Promise<VmNotes>): void {
  describe(`notes of VMs, ${form}`, () => {
    let notes: VmNotes;
    beforeEach(async () => {
      notes = await make();
    });

    it('know nothing of a VM that nobody noted', () => {
      expect(notes.get('vm-1')).toBeUndefined();
    });

    it('show what was put at once, and the latest only', async () => {
      const first = notes.put('vm-1', { epoch: 4 });
      expect(notes.get('vm-1')).toEqual({ epoch: 4 });
      await first;
      await notes.put('vm-1', { epoch: 5, script: { state: 'begun' } });
      expect(notes.get('vm-1')).toEqual({ epoch: 5, script: { state: 'begun' } });
    });

    it('keep of an ended VM its epoch alone', async () => {
      await notes.put('vm-1', { epoch: 5, failure: { message: 'no', retryable: true, remains: 'none' } });
      await notes.end('vm-1', 5);
      expect(notes.get('vm-1')).toEqual({ epoch: 5, ended: true });
    });

    it('name the VMs that have not ended', async () => {
      await Promise.all(['a', 'b', 'c'].map((vmId) => notes.put(vmId, { epoch: 1 })));
      await notes.end('b', 1);
      await notes.end('a', 1);
      await notes.put('a', { epoch: 2 });
      expect([...notes.open()].sort()).toEqual(['a', 'c']);
    });
  });
}
