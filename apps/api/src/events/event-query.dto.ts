import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsIn, IsNotEmpty, IsOptional } from 'class-validator';
import type { EventQuery } from '../archive/archive-reader.js';
import { IsEventTypeName, IsMoment, PageLimit, Several, shortType, subjectOf, Word } from './query.dto.js';

/** Types that one query may name. */
export const MAX_TYPES = 50;
/** Items of a page unless the query says otherwise, and at most. */
export const PAGE_ITEMS = 100;
export const MAX_PAGE_ITEMS = 500;

/** Which events; what is absent does not restrict. */
export class EventFilterDto {
  @ApiPropertyOptional({
    type: [String],
    description:
      'Only events of these types: `VMStarted`, or in full `muster.vm.VMStarted`. May be given several times',
    example: ['VMStarted', 'VMTerminated'],
  })
  @IsOptional()
  @Several()
  @ArrayMaxSize(MAX_TYPES)
  @IsEventTypeName()
  type?: string[];

  @Word({ description: 'Only events about this: `vm/<id>`, or an id alone', example: 'vm/ci-17' })
  @IsNotEmpty()
  subject?: string;

  @Word({ description: 'Only what this actor caused', example: 'root' })
  actor?: string;

  @Word({ description: 'Only what belongs to this correlation id', example: 'build-7' })
  correlation?: string;

  @ApiPropertyOptional({
    enum: ['apiAction', 'systemAction'],
    description: '`apiAction`: what was asked for and accepted; `systemAction`: what the system did or saw',
  })
  @IsOptional()
  @IsIn(['apiAction', 'systemAction'])
  kind?: 'apiAction' | 'systemAction';
}

/** The part of a question to the archive that a stream can be asked as well. */
export type EventFilter = Pick<EventQuery, 'types' | 'noun' | 'subjectId' | 'actor' | 'correlationId' | 'kind'>;

export function filterOf({ type, subject, actor, correlation, kind }: EventFilterDto): EventFilter {
  return {
    ...(type !== undefined && { types: [...new Set(type.map(shortType))].sort() }),
    ...(subject !== undefined && subjectOf(subject)),
    ...(actor !== undefined && { actor }),
    ...(correlation !== undefined && { correlationId: correlation }),
    ...(kind !== undefined && { kind }),
  };
}

/** One page of a list. */
export class PageDto {
  @PageLimit(PAGE_ITEMS, MAX_PAGE_ITEMS, 'Items of the page')
  limit?: number;

  @Word({ description: '`next` of the page before, with all other parameters as they were' })
  cursor?: string;
}

/** A stretch of time. */
export class SpanDto {
  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'Not before this time' })
  @IsOptional()
  @IsMoment()
  since?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'Before this time' })
  @IsOptional()
  @IsMoment()
  until?: string;
}
