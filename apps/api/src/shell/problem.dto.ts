import { ApiExtraModels, ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';

/** What is not a success, as RFC 9457 words it. Further fields depend on the problem. */
export class ProblemDto {
  @ApiProperty({ example: 'about:blank' })
  type: string;

  @ApiProperty({ example: 'The query is not valid' })
  title: string;

  @ApiProperty({ type: 'integer', example: 400 })
  status: number;

  @ApiProperty({ description: 'What is wrong, what it is and what it must be' })
  detail: string;
}

const USUAL: Readonly<Record<number, string>> = {
  401: 'Nobody may ask without credentials that count',
  403: 'The caller may not do that',
  503: 'Something that is needed is away; ask again after `Retry-After` seconds',
};

/** The problems that a route may answer by, by status; those of every guarded route come by themselves. */
export function ApiProblems(special: Readonly<Record<number, string>> = {}): MethodDecorator {
  const schema = { $ref: getSchemaPath(ProblemDto) };
  const content = { 'application/problem+json': { schema } };
  const answers = Object.entries({ ...USUAL, ...special }).map(([status, description]) =>
    ApiResponse({ status: Number(status), description, content }),
  );
  return (target, key, descriptor) => {
    for (const decorate of [ApiExtraModels(ProblemDto), ...answers]) decorate(target, key, descriptor);
  };
}
