import { setTimeout as pause } from 'node:timers/promises';

/** The clients wait for seconds between two looks; how often they look is none of the contract. */
const LOOK_AGAIN_MS = 50;

/** Looks until there is something to return. Unlike a patient test, a client does not get over an answer it cannot read. */
export async function poll<T>(what: string, look: () => Promise<T | undefined>, withinMs = 30_000): Promise<T> {
  const end = performance.now() + withinMs;
  do {
    const seen = await look();
    if (seen !== undefined) return seen;
    await pause(LOOK_AGAIN_MS);
  } while (performance.now() < end);
  throw new Error(`${what}: not after ${withinMs} ms`);
}
