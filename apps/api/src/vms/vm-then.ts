import { type CloudEvent, decodeEvent } from '#events';
import type { ArchivedEvent } from '../archive/archived-event.js';
import { foldVm } from '../projections/fold-vm.js';
import type { VmRow } from '../views/index.js';

/** What is known of a VM as of some moment. */
export type VmThen =
  | { readonly kind: 'there'; readonly row: VmRow }
  /** No event about it had been recorded. */
  | { readonly kind: 'unknown' }
  /** It had left the lists. */
  | { readonly kind: 'removed' }
  /** Its beginning is kept no longer. */
  | { readonly kind: 'beyond' };

/** Folds the events about one VM, oldest first, as the projection does; says how many it had to pass over, if any. */
export function vmThen(
  history: readonly ArchivedEvent[],
  onUnreadable: (events: number) => void = () => undefined,
): VmThen {
  let row: VmRow | undefined;
  let hasBegun = false;
  for (const { sequence, body } of history) {
    const recorded = decodeEvent(JSON.parse(body) as CloudEvent, sequence);
    if (recorded === undefined) {
      onUnreadable(1);
      continue;
    }
    const { event } = recorded;
    row = foldVm(row, recorded, event as Parameters<typeof foldVm>[2]);
    hasBegun ||= event.type === 'StartVM';
  }
  if (row !== undefined) return { kind: 'there', row };
  if (history.length === 0) return { kind: 'unknown' };
  return { kind: hasBegun ? 'removed' : 'beyond' };
}
