import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { integerOf, textOf, withoutNull } from './lenient.js';

/** How a field is read from JSON, checked, and shown in the OpenAPI document: one decorator for all three. */
type Decorate = (target: object, key: string) => void;

/** Longest text of a field that has no bound of its own. */
export const MAX_TEXT_LENGTH = 4096;

interface TextRules {
  readonly maxLength?: number;
  readonly values?: readonly string[];
  readonly example?: string;
}

/** A string that must be there. */
export function RequiredText({ maxLength = MAX_TEXT_LENGTH, example }: TextRules = {}): Decorate {
  const shown = { type: 'string', minLength: 1, maxLength, ...(example && { example }) } as const;
  return all(ApiProperty(shown), IsString(), MinLength(1), MaxLength(maxLength));
}

/** A string; `""` and `null` count as absent. */
export function OptionalText({ maxLength = MAX_TEXT_LENGTH, values, example }: TextRules = {}): Decorate {
  const bounds = values ? { enum: [...values] } : { maxLength };
  const check = values ? IsIn(values) : MaxLength(maxLength);
  return optional({ type: 'string', ...bounds, ...(example && { example }) }, textOf, IsString(), check);
}

/** A whole number within bounds, both included; `"7"` counts as 7, `""` and `null` as absent. */
export function OptionalInteger(minimum: number, maximum: number, otherwise?: number): Decorate {
  const shown: ApiPropertyOptions = { type: 'integer', minimum, maximum };
  return optional(
    otherwise === undefined ? shown : { ...shown, default: otherwise },
    integerOf,
    IsInt(),
    Min(minimum),
    Max(maximum),
  );
}

/** A whole number within bounds that must be there; `"7"` counts as 7. */
export function RequiredInteger(minimum: number, maximum: number): Decorate {
  return all(
    ApiProperty({ type: 'integer', minimum, maximum }),
    Transform(({ value }) => integerOf(value)),
    IsInt(),
    Min(minimum),
    Max(maximum),
  );
}

/** True or false; `null` counts as absent. */
export function OptionalFlag(otherwise?: boolean): Decorate {
  const shown: ApiPropertyOptions = { type: 'boolean' };
  return optional(otherwise === undefined ? shown : { ...shown, default: otherwise }, withoutNull, IsBoolean());
}

/** A JSON object of any content; `null` counts as absent. */
export function OptionalObject(shown: ApiPropertyOptions = { type: 'object', additionalProperties: true }): Decorate {
  return optional(shown, withoutNull, IsObject());
}

function optional(
  shown: ApiPropertyOptions,
  read: (value: unknown) => unknown,
  ...checks: readonly PropertyDecorator[]
): Decorate {
  return all(
    ApiPropertyOptional(shown),
    Transform(({ value }) => read(value)),
    IsOptional(),
    ...checks,
  );
}

function all(...decorators: readonly PropertyDecorator[]): Decorate {
  return (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };
}
