import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional } from 'class-validator';
import { EventFilterDto } from '../event-query.dto.js';
import { Digits, wrongQuery } from '../query.dto.js';

/** What a stream tells, and from where on. */
export class StreamQueryDto extends EventFilterDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: 'Begin after this sequence; without it, and without `Last-Event-ID`, with what happens from now on',
  })
  @IsOptional()
  @Digits()
  @IsInt()
  after?: number;
}

/**
 * After which sequence the stream begins. A header counts more than the query: a browser that connects again repeats the address it was
 * given at first, and says in the header how far it is. Throws a 400 for a header that is no sequence.
 */
export function beginOf({ after }: StreamQueryDto, lastEventId: string | undefined): number | undefined {
  if (lastEventId === undefined || lastEventId === '') return after;
  if (!/^\d{1,15}$/.test(lastEventId)) throw wrongQuery(['Last-Event-ID must be the id of an event of this stream']);
  return Number(lastEventId);
}
