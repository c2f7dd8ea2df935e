import { describe, expect, it } from '@jest/globals';
import { MemoryVmNotes } from './memory-vm-notes.js';
import { NoteTable } from './note-table.js';
import { vmNotesContract } from './vm-notes.contract.js';

vmNotesContract('in memory', async () => new MemoryVmNotes());

describe('the table of notes', () => {
  it('forgets the VMs that ended first, never one that lives', () => {
    const table = new NoteTable(3);
    table.set('living', { epoch: 1 });
    for (const vmId of ['a', 'b', 'c', 'd', 'e']) table.set(vmId, { epoch: 2, ended: true });
    expect([...table.entries()].map(([vmId]) => vmId)).toEqual(['c', 'd', 'e', 'living']);
  });
});
