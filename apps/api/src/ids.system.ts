import { randomUUID } from 'node:crypto';

/** An id that nobody else has. */
export const newId = (): string => randomUUID();
