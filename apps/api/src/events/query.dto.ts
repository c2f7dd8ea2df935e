import { type ClassConstructor, plainToInstance, Transform } from 'class-transformer';
import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  type ValidationOptions,
  validateSync,
} from 'class-validator';
import { COMMANDS, EVENTS, isCommandType, isEventType, type Noun } from '#events';
import { Problem } from '../shell/problem.js';

/** Characters of a text that a query looks for. */
export const MAX_WORD_LENGTH = 300;

/**
 * The parameters of a query as an instance of the class. Throws a 400 that names each one that is unknown or wrong: a misspelt filter
 * that is passed over would show everything.
 */
export function checkedQuery<T extends object>(kind: ClassConstructor<T>, query: unknown): T {
  const instance = plainToInstance(kind, { ...(query as object) });
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  if (errors.length === 0) return instance;
  throw wrongQuery(
    errors.map(({ property, constraints = {} }) =>
      'whitelistValidation' in constraints
        ? `${property} is not a parameter of this list`
        : (Object.values(constraints)[0] ?? `${property} is wrong`),
    ),
  );
}

export const wrongQuery = (invalid: readonly string[]): Problem =>
  new Problem(400, 'The query is not valid', invalid.join('; '), { invalid });

/** A parameter that may be given several times. */
export const Several = (): PropertyDecorator => Transform(({ value }: { value: unknown }) => [value].flat());

/** Digits become the number; anything else stays a text, which is then no number. */
export const Digits = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );

/** As if they stood above the property, in this order. */
const together =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, property) => {
    for (const decorate of [...decorators].reverse()) decorate(target, property);
  };

/** A text that is looked for as it is. */
export const Word = (said: { readonly description: string; readonly example?: string }): PropertyDecorator =>
  together(
    ApiPropertyOptional({ type: 'string', maxLength: MAX_WORD_LENGTH, ...said }),
    IsOptional(),
    IsString(),
    MaxLength(MAX_WORD_LENGTH),
  );

/** How much a page has at most; `usual` unless the query says otherwise. */
export const PageLimit = (usual: number, maximum: number, description: string): PropertyDecorator =>
  together(
    ApiPropertyOptional({ type: 'integer', minimum: 1, maximum, default: usual, description }),
    IsOptional(),
    Digits(),
    IsInt(),
    Min(1),
    Max(maximum),
  );

const must = (name: string, message: string, validate: (value: unknown) => boolean, options?: ValidationOptions) =>
  ValidateBy({ name, validator: { validate, defaultMessage: () => message } }, options);

/** `VMStarted`, or as events are called in full, `muster.vm.VMStarted`. */
export const IsEventTypeName = (): PropertyDecorator =>
  must(
    'isEventTypeName',
    '$property must be the name of a type of event, as in VMStarted or muster.vm.VMStarted',
    (value) => typeof value === 'string' && isEventType(shortType(value)),
    { each: true },
  );

/** A command that doors and NATS clients may send. */
export const IsAskedCommandName = (): PropertyDecorator =>
  must(
    'isAskedCommandName',
    '$property must be the name of a command, as in StartVM',
    (value) => typeof value === 'string' && isCommandType(value) && COMMANDS[value].origin === 'api',
  );

/** The name of a type without what stands before it. */
export const shortType = (type: string): string => /^muster\.\w+\.(\w+)$/.exec(type)?.[1] ?? type;

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

/** A moment as RFC 3339 writes it. */
export const isMoment = (value: unknown): value is string =>
  typeof value === 'string' && RFC_3339.test(value) && !Number.isNaN(Date.parse(value));

export const IsMoment = (): PropertyDecorator =>
  must('isMoment', '$property must be a time as in 2026-03-01T10:00:00Z (RFC 3339)', isMoment);

const NOUNS: ReadonlySet<string> = new Set(Object.values(EVENTS).map(({ noun }) => noun));
const isNoun = (word: string): word is Noun => NOUNS.has(word);

/** What events are about: `vm/<id>`, or an id alone, whatever it is the id of. */
export function subjectOf(text: string): { noun?: Noun; subjectId: string } {
  const slash = text.indexOf('/');
  const noun = text.slice(0, Math.max(0, slash));
  return isNoun(noun) ? { noun, subjectId: text.slice(slash + 1) } : { subjectId: text };
}
