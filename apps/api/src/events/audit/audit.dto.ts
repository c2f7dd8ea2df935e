import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsOptional } from 'class-validator';
import { PageDto, SpanDto } from '../event-query.dto.js';
import { IsAskedCommandName, MAX_WORD_LENGTH, PageLimit, Word } from '../query.dto.js';

/** Commands of a page unless the query says otherwise, and at most. */
export const PAGE_COMMANDS = 50;
export const MAX_PAGE_COMMANDS = 200;
/** Events of a command that are named in its item. */
export const MAX_NAMED_EVENTS = 100;

export const OUTCOMES = ['accepted', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof OUTCOMES)[number];

/** Which commands the audit shows. */
export class AuditQueryDto extends IntersectionType(SpanDto, PageDto) {
  @Word({ description: 'Only what this actor asked for', example: 'root' })
  actor?: string;

  @ApiPropertyOptional({ maxLength: MAX_WORD_LENGTH, description: 'Only commands of this name', example: 'StartVM' })
  @IsOptional()
  @IsAskedCommandName()
  type?: string;

  @Word({ description: 'Only commands about this: `vm/<id>`, or an id alone', example: 'vm/ci-17' })
  @IsNotEmpty()
  subject?: string;

  @ApiPropertyOptional({ enum: OUTCOMES, description: 'Only commands that ended so' })
  @IsOptional()
  @IsIn(OUTCOMES)
  outcome?: AuditOutcome;

  @PageLimit(PAGE_COMMANDS, MAX_PAGE_COMMANDS, 'Commands of the page')
  override limit?: number;
}

export class AuditEventDto {
  @ApiProperty({ type: 'integer' })
  sequence: number;
  id: string;

  @ApiProperty({ example: 'muster.vm.StartVM' })
  type: string;
}

/** What somebody asked for, and what came of it. */
export class AuditItemDto {
  @ApiProperty({ description: 'What repetitions of the request have in common' })
  commandId: string;

  @ApiProperty({ type: 'integer', description: 'Its place in the queue of commands' })
  commandSequence: number;

  @ApiProperty({
    description:
      'Name of the command; of releases before 0.4 that of its first event, where several commands begin with that',
    example: 'StartVM',
  })
  type: string;

  @ApiProperty({ description: 'What it was about; of several things the first', example: 'vm/ci-17' })
  subject: string;

  @ApiProperty({ example: 'root' })
  actor: string;

  @ApiPropertyOptional({ description: 'How the actor proved itself, when it came through a door', example: 'key' })
  authMode?: string;

  @ApiPropertyOptional({ description: 'From where it came, when it came through a door', example: '192.0.2.17' })
  address?: string;

  correlationId: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  time: string;

  @ApiProperty({ enum: OUTCOMES, description: '`refused`: the rules said no; `failed`: it could not be decided' })
  outcome: AuditOutcome;

  @ApiProperty({
    type: () => [AuditEventDto],
    maxItems: MAX_NAMED_EVENTS,
    description: 'What was recorded of it, in order; the first ones, when there are many',
  })
  events: readonly AuditEventDto[];

  @ApiPropertyOptional({ description: 'Why it was refused, as a code', example: 'TEMPLATE_UNKNOWN' })
  code?: string;

  @ApiPropertyOptional({ description: 'Why it was refused or failed, in words' })
  message?: string;
}

export class AuditPageDto {
  @ApiProperty({ type: () => [AuditItemDto], description: 'Newest first' })
  items: readonly AuditItemDto[];

  @ApiPropertyOptional({
    description:
      '`cursor` of the next page; absent on the last one. A page may be short, or empty, and have a next one',
  })
  next?: string;
}
