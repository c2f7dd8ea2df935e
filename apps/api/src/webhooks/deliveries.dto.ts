import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, IsInt, IsOptional, Min, ValidateBy } from 'class-validator';
import { PageDto, SpanDto } from '../events/event-query.dto.js';
import { Digits, IsEventTypeName, isMoment } from '../events/query.dto.js';
import { DELIVERY_PAGE } from './webhook-store.js';

const OUTCOMES = ['delivered', 'failed', 'refused'] as const;

/** What is asked of the log of deliveries. */
export class AttemptsQueryDto extends IntersectionType(SpanDto, PageDto) {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: 'Only of the event at this place in the log; 0: pings',
  })
  @IsOptional()
  @Digits()
  @IsInt()
  @Min(0)
  sequence?: number;

  @ApiPropertyOptional({ enum: OUTCOMES })
  @IsOptional()
  @IsIn(OUTCOMES)
  outcome?: (typeof OUTCOMES)[number];

  @ApiPropertyOptional({ type: 'string', example: 'VMStarted' })
  @IsOptional()
  @IsEventTypeName()
  type?: string;
}

/** One request, and what came back. */
export class AttemptDto {
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  @ApiProperty({ type: 'integer', description: 'Place of the event in the log; 0: a ping' })
  sequence: number;
  @ApiProperty({ description: 'Id of the event' })
  eventId: string;
  @ApiProperty({ example: 'VMStarted' })
  type: string;
  @ApiProperty({ type: 'integer', description: '1: the first for this delivery' })
  attempt: number;
  @ApiProperty({ enum: OUTCOMES, description: '`refused`: this installation sends nothing there' })
  outcome: (typeof OUTCOMES)[number];
  @ApiPropertyOptional({ type: 'integer', description: 'Status of the answer, if there was one' })
  status?: number;
  @ApiProperty({ type: 'integer' })
  latencyMs: number;
  @ApiProperty({ description: 'What was sent, in short; values of headers are masked' })
  request: string;
  @ApiProperty({ description: 'The beginning of the answer' })
  response: string;
  @ApiPropertyOptional({ description: 'Why it was no success' })
  error?: string;
}

export class AttemptPageDto {
  @ApiProperty({ type: () => [AttemptDto], description: 'Newest first' })
  items: AttemptDto[];
  @ApiPropertyOptional({ description: '`cursor` of the next page; absent on the last one' })
  next?: string;
}

/** A delivery that has not been taken. */
export class OutstandingDto {
  @ApiProperty({ type: 'integer' })
  sequence: number;
  eventId: string;
  @ApiProperty({ example: 'VMStarted' })
  type: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it is tried next' })
  dueAt: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  queuedAt: string;
  @ApiProperty({ type: 'integer', description: 'Attempts so far' })
  attempts: number;
  @ApiPropertyOptional({ description: 'Why the last of them was no success' })
  lastError?: string;
}

export class OutstandingPageDto {
  @ApiProperty({ type: () => [OutstandingDto], description: 'In the order of the log' })
  items: OutstandingDto[];
  @ApiPropertyOptional({ description: '`cursor` of the next page; absent on the last one' })
  next?: string;
}

const SEQUENCE_OR_TIME = {
  oneOf: [
    { type: 'integer', minimum: 1 },
    { type: 'string', format: 'date-time' },
  ],
};

const IsPlace = (): PropertyDecorator =>
  ValidateBy({
    name: 'isPlace',
    validator: {
      validate: (value) => (Number.isSafeInteger(value) && (value as number) >= 1) || isMoment(value),
      defaultMessage: () => '$property must be a sequence, 1 or more, or a time as in 2026-03-01T10:00:00Z',
    },
  });

/** Which past events are sent once more. */
export class ReplayDto {
  @ApiProperty({ ...SEQUENCE_OR_TIME, description: 'The first: a sequence, or a time' })
  @IsPlace()
  from: number | string;

  @ApiPropertyOptional({ ...SEQUENCE_OR_TIME, description: 'The last; absent: until now' })
  @IsOptional()
  @IsPlace()
  to?: number | string;
}

export class ReplayedDto {
  @ApiProperty({ type: 'integer', description: 'Events that were queued' })
  count: number;
  @ApiPropertyOptional({ type: 'integer', description: 'There is more: `from` of the next call. Absent: that was all' })
  next?: number;
}

/** Which dead letters. */
export class DeadLettersDto {
  @ApiPropertyOptional({ type: [Number], description: 'Absent: all' })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(DELIVERY_PAGE)
  @IsInt({ each: true })
  sequences?: number[];
}

export class CountDto {
  @ApiProperty({ type: 'integer', description: 'How many' })
  count: number;
}
