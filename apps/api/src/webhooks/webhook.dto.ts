import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { type Disabler, DISABLERS } from '#domain';
import { type Format, FORMATS } from './endpoint.js';
import { MAX_OVERLAP_S, OVERLAP_S } from './secrets.js';
import { CreateWebhookDto } from './webhook-fields.dto.js';

const moment = (description: string) => ({ type: 'string', format: 'date-time', description }) as const;

/** A webhook, without its secrets. */
export class WebhookDto {
  id: string;
  name: string;
  url: string;
  @ApiProperty({ enum: FORMATS })
  format: Format;
  types: string[];
  subjects: string[];
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'The values are masked' })
  headers: Record<string, string>;
  ordered: boolean;
  @ApiProperty({ type: 'integer' })
  batchSize: number;
  @ApiProperty({ type: 'integer' })
  concurrency: number;
  @ApiProperty({ type: Number, nullable: true })
  ratePerSecond: number | null;
  enabled: boolean;
  @ApiPropertyOptional({ enum: DISABLERS, description: '`delivery`: it failed for too long, or said that it is gone' })
  disabledBy?: Disabler;
  disabledReason?: string;
  @ApiPropertyOptional(moment('Since when it gets no events'))
  disabledAt?: string;
  @ApiProperty({ type: 'integer', description: 'Sequence of the last event about it; also its ETag' })
  version: number;
  @ApiProperty(moment('When it was made'))
  createdAt: string;
  @ApiProperty(moment('When it was last changed'))
  updatedAt: string;
  @ApiProperty({ type: 'integer', description: 'Secrets that sign: more than one for a while after a rotation' })
  secrets: number;
  @ApiPropertyOptional(moment('Since when no attempt has succeeded'))
  failingSince?: string;
  @ApiPropertyOptional(moment('When something was last taken'))
  lastSuccessAt?: string;
  @ApiPropertyOptional({
    type: 'integer',
    description:
      'From this sequence on, what matches is still to be queued from the archive: it was disabled, or too much waited',
  })
  missedFrom?: number;
}

/** A webhook, with what waits for it. */
export class WebhookWithHealthDto extends WebhookDto {
  @ApiProperty({ type: 'integer', description: 'Deliveries that are not taken yet' })
  outstanding: number;
  @ApiProperty({ type: 'integer', description: 'Deliveries that were given up' })
  dead: number;
  @ApiPropertyOptional(moment('When what has waited longest was queued'))
  oldestAt?: string;
}

/** The only answers with a secret in them. */
export class WebhookWithSecretDto extends WebhookDto {
  @ApiProperty({ description: 'Told here and never again', example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })
  secret: string;
}

export class WebhookPageDto {
  @ApiProperty({ type: () => [WebhookDto] })
  items: WebhookDto[];
  @ApiPropertyOptional({ description: '`cursor` of the next page; absent on the last one' })
  next?: string;
}

export class RotateSecretDto extends PickType(CreateWebhookDto, ['secret']) {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MAX_OVERLAP_S,
    default: OVERLAP_S,
    description: 'For so many seconds the secrets of before sign as well',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_OVERLAP_S)
  overlapS?: number;
}

/** What came of a ping. */
export class PingDto {
  @ApiProperty({ description: 'Also `webhook-id` of the request' })
  id: string;
  @ApiProperty({
    enum: ['delivered', 'failed', 'refused'],
    description: '`refused`: this installation sends nothing there',
  })
  outcome: 'delivered' | 'failed' | 'refused';
  @ApiPropertyOptional({ type: 'integer', description: 'Status of the answer' })
  status?: number;
  @ApiProperty({ type: 'integer' })
  latencyMs: number;
  @ApiProperty({ description: 'What was sent, in short' })
  request: string;
  @ApiProperty({ description: 'The beginning of the answer' })
  response: string;
  error?: string;
}
