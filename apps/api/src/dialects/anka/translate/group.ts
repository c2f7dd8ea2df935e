import type { GroupRow } from '../../../views/index.js';
import type { GroupDto } from '../dto/group.dto.js';

/** A group as GET group and its nodes show it (anka.md §3.7). */
export const groupOf = ({ id, name, description, fallbackGroupId }: GroupRow): GroupDto => ({
  id,
  name,
  description,
  fallback_group_id: fallbackGroupId ?? null,
});
