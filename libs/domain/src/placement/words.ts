/** Words under which the index keeps nodes. */
export const cachedWord = (image: string): string => `cached ${image}`;
export const templateWord = (templateId: string): string => `template ${templateId}`;
export const pullWord = (image: string): string => `pull ${image}`;
export const groupWord = (group: string): string => `group ${group}`;
