import type { RecordedEvent } from '#domain';
import { type CloudEvent, decodeEvent, encodeEvent, nounOfEvent } from '#events';
import { foldVm } from '../../projections/fold-vm.js';
import type { VmRow } from '../../views/index.js';

/** All VMs as the whole log makes them, after so many of its events: by that number, by id. Events are as read back from the log. */
export function rowsAfterEach(events: readonly RecordedEvent[]): readonly ReadonlyMap<string, VmRow>[] {
  let now: ReadonlyMap<string, VmRow> = new Map();
  const after = [now];
  for (const event of events) {
    const read = decodeEvent(JSON.parse(JSON.stringify(encodeEvent(event))) as CloudEvent, event.sequence);
    if (read === undefined) throw new Error(`Event ${event.sequence} cannot be read back`);
    const { noun, id } = nounOfEvent(read.event);
    if (noun === 'vm') now = changed(now, id, foldVm(now.get(id), read, read.event as Parameters<typeof foldVm>[2]));
    after.push(now);
  }
  return after;
}

function changed(rows: ReadonlyMap<string, VmRow>, id: string, row: VmRow | undefined): ReadonlyMap<string, VmRow> {
  const next = new Map(rows);
  if (row === undefined) next.delete(id);
  else next.set(id, row);
  return next;
}
