import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN_MS = 100;
const REQUEST_LIMIT_MS = 5_000;
/** How much of an answer goes into an error. */
const REASON_LIMIT_CHARS = 1_000;

/** What a look at something found: it is there, or why not yet. */
export type Look<T> = { readonly found: T } | { readonly notYet: string };

/** Looks again and again until something is there. Throws the last reason when that takes longer than `withinMs`. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<Look<T>>,
  withinMs: number,
  signal: AbortSignal,
): Promise<T> {
  for (const until = Date.now() + withinMs; ;) {
    signal.throwIfAborted();
    const seen = await look();
    if ('found' in seen) return seen.found;
    if (Date.now() >= until) throw new Error(`${what}: not after ${withinMs / 1000} s (${seen.notYet})`);
    await pause(LOOK_AGAIN_MS, undefined, { signal });
  }
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message || (cause as NodeJS.ErrnoException).code}` : message;
}

/** One look at an HTTP address: the response if it came with 200. */
export async function lookAt(url: string, headers: Record<string, string> = {}): Promise<Look<Response>> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
    if (response.status === 200) return { found: response };
    const text = (await response.text()).slice(0, REASON_LIMIT_CHARS);
    return { notYet: `${url} answers ${response.status} ${text}` };
  } catch (error) {
    return { notYet: `${url}: ${causeOf(error)}` };
  }
}
