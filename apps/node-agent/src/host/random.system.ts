import { randomBytes } from 'node:crypto';

/** That many random bytes as hex digits. */
export const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** 0 ≤ x < 1, for whatever a simulated host leaves to chance. */
export const chance = (): number => Math.random();
