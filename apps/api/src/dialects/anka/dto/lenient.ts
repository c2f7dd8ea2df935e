/** What clients write where they mean nothing, or a number (their structs have string fields for integers). Pure. */

/** `""` and `null` are absent; everything else is left for the check to judge. */
export function textOf(value: unknown): unknown {
  return value === '' || value === null ? undefined : value;
}

export function withoutNull(value: unknown): unknown {
  return value === null ? undefined : value;
}

/** A whole number written as text becomes that number. */
export function integerOf(value: unknown): unknown {
  if (typeof value === 'string' && /^\s*[+-]?\d{1,15}\s*$/.test(value)) return Number(value);
  return textOf(value);
}
