/** What clients write where they mean nothing, or a number (some have string fields for integers). */

/** Longest value that is kept for hardware which no driver here has. */
export const MAX_PASSTHROUGH_LENGTH = 256;

/** `""` and `null` are absent; everything else is left for the check to judge. */
export function textOf(value: unknown): unknown {
  return value === '' || value === null ? undefined : value;
}

/** Clients that mean all name none. */
export function textsOf(value: unknown): unknown {
  return value === null || (Array.isArray(value) && value.length === 0) ? undefined : value;
}

/** A list, or a text with commas between its items; what is empty is absent. */
export function textsFrom(value: unknown): unknown {
  if (typeof value !== 'string') return textsOf(value);
  return textsOf(value.split(',').filter((item) => item !== ''));
}

export function withoutNull(value: unknown): unknown {
  return value === null ? undefined : value;
}

/** A whole number written as text becomes that number. */
export function integerOf(value: unknown): unknown {
  if (typeof value === 'string' && /^\s*[+-]?\d{1,15}\s*$/.test(value)) return Number(value);
  return textOf(value);
}

/** A short text, a number or a boolean; anything else is absent. */
export function scalarOf(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  return typeof value === 'string' && value !== '' && value.length <= MAX_PASSTHROUGH_LENGTH ? value : undefined;
}
