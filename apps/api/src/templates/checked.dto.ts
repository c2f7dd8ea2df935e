import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { Problem } from '../shell/problem.js';

/** The body as an instance of the class; unknown fields are refused. Throws a 400 that names every field that is wrong. */
export function checked<T extends object>(kind: ClassConstructor<T>, body: unknown): T {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Problem(400, 'The body is not valid', 'The body must be a JSON object');
  const instance = plainToInstance(kind, body);
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length === 0) return instance;
  const invalid = errors.flatMap((error) => sentences(error, ''));
  throw new Problem(400, 'The body is not valid', invalid.join('; '), { invalid });
}

function sentences({ property, constraints = {}, children = [] }: ValidationError, above: string): string[] {
  const own = Object.values(constraints).map((sentence) => `${above}${sentence}`);
  return [...own, ...children.flatMap((child) => sentences(child, `${above}${property}.`))];
}
