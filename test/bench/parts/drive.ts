import { setTimeout as pause } from 'node:timers/promises';

/** What some load has met. */
export interface Driven {
  readonly done: number;
  readonly seconds: number;
  /** How long each request took, ms; at a fixed rate from when it was due. */
  readonly latenciesMs: readonly number[];
}

/** As many requests at once as asked, each followed by the next, for so long. */
export async function saturate(atOnce: number, seconds: number, ask: () => Promise<unknown>): Promise<Driven> {
  const latenciesMs: number[] = [];
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const workers = Array.from({ length: atOnce }, async () => {
    for (let since = performance.now(); since < end;) {
      await ask();
      const now = performance.now();
      latenciesMs.push(now - since);
      since = now;
    }
  });
  await Promise.all(workers);
  return { done: latenciesMs.length, seconds: (performance.now() - begin) / 1000, latenciesMs };
}

/** Requests that leave at fixed times, whether or not earlier ones were answered. */
export async function pace(
  perSecond: number,
  seconds: number,
  ask: (number: number) => Promise<unknown>,
): Promise<Driven> {
  const begin = performance.now();
  const latencies: Promise<number>[] = [];
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = begin + (n * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    latencies.push(ask(n).then(() => performance.now() - due));
  }
  const latenciesMs = await Promise.all(latencies);
  return { done: latenciesMs.length, seconds: (performance.now() - begin) / 1000, latenciesMs };
}
