import type { Cluster } from '../cluster.js';
import type { TemplateId } from '../ids.js';
import type { Save } from './save.js';

/** What a save does to the tags of its template. */
export interface TagChange {
  readonly tag: string;
  readonly revertBeforePush: boolean;
  readonly revertTag?: string;
}

/** Tags of the template, oldest first, when all that was ordered before this save has come true. */
export function tagsAhead(cluster: Cluster, templateId: TemplateId, until?: Save): string[] {
  let tags = (cluster.templates.get(templateId)?.versions ?? []).map(({ tag }) => tag);
  for (const id of cluster.saving) {
    const save = cluster.saves.get(id);
    if (save === undefined || save === until) break;
    if (save.templateId === templateId) tags = [...keptTags(tags, save.order), save.order.tag];
  }
  return tags;
}

/**
 * The tags that the save leaves when it reverts: those before the one it names, or all but the latest. A tag that is not there reverts
 * nothing: the first of a row of saves that each replace the one before finds none (anka.md §2.5).
 */
export function keptTags(tags: string[], { revertBeforePush, revertTag }: TagChange): string[] {
  if (!revertBeforePush) return tags;
  const first = revertTag === undefined ? tags.length - 1 : tags.lastIndexOf(revertTag);
  return first < 0 ? tags : tags.slice(0, first);
}
