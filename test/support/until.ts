import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN_MS = 50;

/**
 * Looks again and again until there is something to return. Throws when that takes longer than `withinMs`; `describe`, or the last
 * error of the look, then says what was seen instead. A look that throws has simply found nothing yet.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs: number,
  describe: () => string = () => '',
): Promise<T> {
  let trouble: string | undefined;
  const end = Date.now() + withinMs;
  do {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      trouble = undefined;
    } catch (cause) {
      trouble = (cause as Error).message;
    }
    await pause(LOOK_AGAIN_MS);
  } while (Date.now() < end);
  throw new Error(`${what}: not after ${withinMs} ms. ${trouble ?? describe()}`);
}
