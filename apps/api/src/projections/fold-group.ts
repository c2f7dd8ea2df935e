import type { GroupEvent, RecordedEvent } from '#domain';
import type { GroupRow } from '../views/index.js';

/** Folds one event about a group into its row; undefined when there is no row (any more). Total, like every fold. */
export function foldGroup(row: GroupRow | undefined, recorded: RecordedEvent, event: GroupEvent): GroupRow | undefined {
  const { sequence, time } = recorded;
  if (row !== undefined && sequence <= row.sequence) return row;
  if (event.type === 'CreateGroup') {
    const { groupId: id, name, description, fallbackGroupId } = event;
    const made = { id, sequence, madeSequence: sequence, name, description, createdAt: time, updatedAt: time };
    return { ...made, ...(fallbackGroupId !== undefined && { fallbackGroupId }) };
  }
  if (row === undefined || event.type === 'DeleteGroup') return undefined;
  const { name = row.name, description = row.description, fallbackGroupId: given } = event;
  const { fallbackGroupId: before, ...rest } = row;
  const fallbackGroupId = given === undefined ? before : (given ?? undefined);
  const changed = { ...rest, name, description, sequence, updatedAt: time };
  return { ...changed, ...(fallbackGroupId !== undefined && { fallbackGroupId }) };
}
