import { BadInput } from '../failure.js';

/** Values in one body, nested ones included: a start with every field, all its forwards and all its metadata has fewer than 300. */
export const MAX_BODY_VALUES = 10_000;
/** How deep a body may be nested. */
export const MAX_BODY_DEPTH = 16;

/** Throws {@link BadInput} for a body whose reading would cost more than any honest one: size alone bounds neither. */
export function checkBounds(raw: object): void {
  let level: object[] = [raw];
  let values = 0;
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_BODY_DEPTH)
      throw new BadInput(`the request body must be nested at most ${MAX_BODY_DEPTH} levels deep`);
    const next: object[] = [];
    for (const holder of level) {
      for (const value of Object.values(holder) as unknown[]) {
        if (++values > MAX_BODY_VALUES)
          throw new BadInput(`the request body must have at most ${MAX_BODY_VALUES} values`);
        if (typeof value === 'object' && value !== null) next.push(value);
      }
    }
    level = next;
  }
}
