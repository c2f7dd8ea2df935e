/** What a node with the tag offers, whether a VM demands it or only prefers it. */
export const tagWord = (tag: string): string => `tag ${tag}`;
