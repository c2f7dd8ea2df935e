import { AsyncLocalStorage } from 'node:async_hooks';
import type { Reach } from './reach.js';

const reaches = new AsyncLocalStorage<Reach>();

/** Whatever `run` does, now and later, is done within the reach. */
export const within = (reach: Reach, run: () => void): void => reaches.run(reach, run);

/** Of the caller for whom this runs; undefined: everything is in reach. */
export const currentReach = (): Reach | undefined => reaches.getStore();
