import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { BadInput } from '../failure.js';
import { checkBounds } from './bounded.js';

/** Problems that one answer lists; the rest would only repeat them. */
const MAX_PROBLEMS = 8;

/**
 * Reads a request body (or query) as the given class: unknown fields are ignored, a missing body is an empty object. Throws
 * {@link BadInput} that names each wrong field and what it must be; values are not repeated, they may be secrets.
 */
export function checked<T extends object>(shape: new () => T, raw: unknown): T {
  if (raw !== undefined && raw !== null && (typeof raw !== 'object' || Array.isArray(raw))) {
    throw new BadInput('the request body must be a JSON object');
  }
  checkBounds(raw ?? {});
  const value = plainToInstance(shape, raw ?? {});
  const errors = validateSync(value, { whitelist: true, forbidUnknownValues: false, stopAtFirstError: true });
  if (errors.length === 0) return value;
  throw new BadInput(problemsOf(errors).slice(0, MAX_PROBLEMS).join('; '));
}

function problemsOf(errors: readonly ValidationError[], path = ''): string[] {
  return errors.flatMap(({ constraints = {}, children = [], property }) => [
    ...Object.values(constraints).map((message) => `${path}${message}`),
    ...problemsOf(children, `${path}${property}.`),
  ]);
}
