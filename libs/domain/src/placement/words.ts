import type { Scope } from './demand.js';

/** Words under which the index keeps nodes. */
export const cachedWord = (image: string): string => `cached ${image}`;
export const templateWord = (templateId: string): string => `template ${templateId}`;
export const pullWord = (image: string): string => `pull ${image}`;
export const groupWord = (group: string): string => `group ${group}`;
export const tagWord = (tag: string): string => `tag ${tag}`;

/** The words that a node in the scope has. */
export function wordsIn({ group, tag }: Scope): string[] {
  const words = group === undefined ? [] : [groupWord(group)];
  return tag === undefined ? words : [...words, tagWord(tag)];
}
