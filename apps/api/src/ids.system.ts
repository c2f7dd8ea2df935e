import { randomUUID } from 'node:crypto';

/** An id that nobody else has. */
export const newId = (): string => randomUUID();

/** A number from 0 to 1, another one each time. */
export const newChance = (): number => Math.random();
