/** The longest duration a setting may have, about 24.8 days: Node fires a longer timer at once. */
export const LONGEST_DURATION_MS = 2 ** 31 - 1;

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/;

/**
 * Reads a duration as Go writes it (`1m30s`, `1.5h`, `0`) and returns milliseconds, rounded up so that a positive duration never becomes
 * nothing; `undefined` when the text is no duration, is negative or exceeds `LONGEST_DURATION_MS`.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const durationMs = WHOLE.test(text) ? sumOf(text) : Infinity;
  return durationMs <= LONGEST_DURATION_MS ? durationMs : undefined;
}

function sumOf(text: string): number {
  let sumMs = 0;
  for (const [, amount, unit] of text.matchAll(PART)) sumMs += Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  return Math.ceil(Number(sumMs.toFixed(6)));
}

/** No age is shorter: whoever has heard nothing asks again within seconds, and must find what became of the first time. */
export const SHORTEST_AGE_MS = 10_000;
const DAYS = /^(?:(\d+)d)?(.*)$/;

/** The same for how old something may become: days are understood, too (`90d`, `1d12h`), and it may be long. */
export function parseAge(text: string): number | undefined {
  const [, days = '0', rest = ''] = DAYS.exec(text) ?? [];
  if (rest !== '' && !WHOLE.test(rest)) return undefined;
  const ageMs = Number(days) * 86_400_000 + sumOf(rest);
  return ageMs >= SHORTEST_AGE_MS && Number.isSafeInteger(ageMs) ? ageMs : undefined;
}
