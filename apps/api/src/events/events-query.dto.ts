import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional } from 'class-validator';
import type { EventQuery } from '../archive/archive-reader.js';
import { cursorOf, positionOf } from './cursor.js';
import { EventFilterDto, filterOf, PAGE_ITEMS, PageDto, SpanDto } from './event-query.dto.js';
import { Digits, wrongQuery } from './query.dto.js';

const sequence = { type: 'integer', minimum: 0 } as const;

/** A stretch of the log, and from which of its ends it is read. */
export class StretchDto extends IntersectionType(SpanDto, PageDto) {
  @ApiPropertyOptional({ ...sequence, description: 'Only events after this sequence' })
  @IsOptional()
  @Digits()
  @IsInt()
  after?: number;

  @ApiPropertyOptional({ ...sequence, description: 'Only events before this sequence' })
  @IsOptional()
  @Digits()
  @IsInt()
  before?: number;

  @ApiPropertyOptional({ enum: ['newest', 'oldest'], default: 'newest', description: 'Which events come first' })
  @IsOptional()
  @IsIn(['newest', 'oldest'])
  order?: 'newest' | 'oldest';
}

/** Which events a list shows. */
export class EventsQueryDto extends IntersectionType(EventFilterDto, StretchDto) {}

/** The question that a page answers: one more than its items, to know whether there is a next one. Throws a 400 for a wrong cursor. */
export function questionOf(dto: EventsQueryDto, usualOrder: EventQuery['order'] = 'newest'): EventQuery {
  const { since, until, after, before, limit = PAGE_ITEMS, cursor, order = usualOrder } = dto;
  return {
    ...filterOf(dto),
    ...(since !== undefined && { since: Date.parse(since) }),
    ...(until !== undefined && { until: Date.parse(until) }),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    ...(cursor !== undefined && { [order === 'newest' ? 'before' : 'after']: begin(dto, cursor) }),
    order,
    limit: limit + 1,
  };
}

/** Where the page after the one that ends with this sequence begins. */
export const nextAfter = (dto: EventsQueryDto, sequenceOfLast: number): string => cursorOf(asked(dto), sequenceOfLast);

function begin(dto: EventsQueryDto, cursor: string): number {
  const position = positionOf(asked(dto), cursor);
  if (position === undefined) throw wrongQuery(['cursor must be `next` of a page of this very list']);
  return position;
}

/** What makes this list the one that it is: all but the page. */
function asked({ limit: _limit, cursor: _cursor, ...rest }: EventsQueryDto): object {
  return rest;
}
