import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
} from 'class-validator';
import { integerOf, scalarOf, textOf, textsOf, withoutNull } from './lenient.js';

/** How a field is read from JSON, checked, and shown in the OpenAPI document: one decorator for all three. */
type Decorate = (target: object, key: string) => void;

/** Longest text of a field that has no bound of its own. */
export const MAX_TEXT_LENGTH = 4096;

interface TextRules {
  readonly maxLength?: number;
  readonly values?: readonly string[];
}

/** A string that must be there. */
export function RequiredText({ maxLength = MAX_TEXT_LENGTH }: TextRules = {}): Decorate {
  const message = `$property must be a string of 1 to ${maxLength} characters`;
  return all(
    ApiProperty({ type: 'string', minLength: 1, maxLength }),
    IsString({ message }),
    Length(1, maxLength, { message }),
  );
}

/** A string; `""` and `null` count as absent. */
export function OptionalText({ maxLength = MAX_TEXT_LENGTH, values }: TextRules = {}): Decorate {
  const message = values
    ? `$property must be one of ${values.join(', ')}`
    : `$property must be a string of at most ${maxLength} characters`;
  return all(
    ApiPropertyOptional({ type: 'string', ...(values ? { enum: [...values] } : { maxLength }) }),
    Transform(({ value }) => textOf(value)),
    IsOptional(),
    IsString({ message }),
    values ? IsIn(values, { message }) : Length(0, maxLength, { message }),
  );
}

/** A list of ids or names that must be there, and not empty. */
export function RequiredTexts(maxItems: number): Decorate {
  const message = `$property must be an array of 1 to ${maxItems} strings`;
  return all(
    ApiProperty({ type: 'array', items: { type: 'string' }, minItems: 1, maxItems }),
    ...texts(maxItems, message),
    ArrayMinSize(1, { message }),
  );
}

/** A list of ids or names; `[]` and `null` count as absent. */
export function OptionalTexts(maxItems: number): Decorate {
  return all(
    ApiPropertyOptional({ type: 'array', items: { type: 'string' }, maxItems }),
    Transform(({ value }) => textsOf(value)),
    IsOptional(),
    ...texts(maxItems, `$property must be an array of at most ${maxItems} strings`),
  );
}

function texts(maxItems: number, message: string): PropertyDecorator[] {
  return [
    IsArray({ message }),
    ArrayMaxSize(maxItems, { message }),
    IsString({ each: true, message }),
    Length(1, MAX_TEXT_LENGTH, { each: true, message }),
  ];
}

/** A whole number within bounds, both included; `"7"` counts as 7, `""` and `null` as absent. */
export function OptionalInteger(minimum: number, maximum: number, otherwise?: number): Decorate {
  return all(
    ApiPropertyOptional({
      type: 'integer',
      minimum,
      maximum,
      ...(otherwise === undefined ? {} : { default: otherwise }),
    }),
    IsOptional(),
    ...integer(minimum, maximum),
  );
}

/** A whole number within bounds that must be there; `"7"` counts as 7. */
export function RequiredInteger(minimum: number, maximum: number): Decorate {
  return all(ApiProperty({ type: 'integer', minimum, maximum }), ...integer(minimum, maximum));
}

function integer(minimum: number, maximum: number): PropertyDecorator[] {
  const message = `$property must be a whole number from ${minimum} to ${maximum}`;
  return [
    Transform(({ value }) => integerOf(value)),
    IsInt({ message }),
    Min(minimum, { message }),
    Max(maximum, { message }),
  ];
}

/** True or false; `null` counts as absent. */
export function OptionalFlag(otherwise?: boolean): Decorate {
  return all(
    ApiPropertyOptional({ type: 'boolean', ...(otherwise === undefined ? {} : { default: otherwise }) }),
    Transform(({ value }) => withoutNull(value)),
    IsOptional(),
    IsBoolean({ message: '$property must be true or false' }),
  );
}

/** A flag in a query: `1` or `true` sets it, everything else does not. */
export function OptionalFlagText(): Decorate {
  return all(
    ApiPropertyOptional({ type: 'string' }),
    Transform(({ value }) => value === '1' || value === 'true' || value === 1 || value === true),
    IsOptional(),
    IsBoolean(),
  );
}

/** A JSON object; `null` counts as absent. */
export function OptionalObject(shown: ApiPropertyOptions = { type: 'object', additionalProperties: true }): Decorate {
  return all(
    ApiPropertyOptional(shown),
    Transform(({ value }) => withoutNull(value)),
    IsOptional(),
    IsObject({ message: '$property must be an object' }),
  );
}

/** Something for hardware that no driver here has: kept when it is a short scalar, never a reason to refuse. */
export function Passthrough(shown: ApiPropertyOptions = { type: 'string' }): Decorate {
  return all(
    ApiPropertyOptional(shown),
    Transform(({ value }) => scalarOf(value)),
    Allow(),
  );
}

function all(...decorators: readonly PropertyDecorator[]): Decorate {
  return (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };
}
