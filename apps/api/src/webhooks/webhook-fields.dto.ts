import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { MAX_NAME_LENGTH } from '#domain';
import { MAX_URL_LENGTH } from './delivery/guard/url-policy.js';
import { type Format, FORMATS } from './endpoint.js';
import {
  CONCURRENCY,
  MASK,
  MAX_BATCH_SIZE,
  MAX_CONCURRENCY,
  MAX_RATE_PER_S,
  MAX_SUBJECTS,
  MAX_TYPES,
  MIN_RATE_PER_S,
} from './field-rules.js';

const HEADERS = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description: `Sent with every request. Answers show \`${MASK}\` for each value; said in a change, that keeps the value`,
  example: { authorization: 'Bearer …' },
} as const;

/** What may be said of a webhook besides its name and its URL. */
export class WebhookFieldsDto {
  /** The CloudEvent as it is in the log, or the flat record of the vendor’s event log, which only tells of some events. */
  @IsOptional()
  @IsIn(FORMATS)
  @ApiPropertyOptional({ enum: FORMATS, default: 'standard-webhooks' })
  format?: Format;

  @ApiPropertyOptional({
    type: [String],
    description: 'Only events of these types, or all of a noun. None: all types',
    example: ['VMStarted', 'node.*'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TYPES)
  @IsString({ each: true })
  types?: string[];

  @ApiPropertyOptional({
    type: [String],
    description: 'Only events about these, or all of a noun. None: all',
    example: ['vm/ci-17', 'node/*'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_SUBJECTS)
  @IsString({ each: true })
  subjects?: string[];

  @ApiPropertyOptional(HEADERS)
  @IsOptional()
  @IsObject()
  headers?: Record<string, string>;

  /** One event after the other in the order of the log, none skipped: one request at a time, whatever `concurrency` says. */
  @ApiPropertyOptional({ type: Boolean, default: false })
  @IsOptional()
  @IsBoolean()
  ordered?: boolean;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_BATCH_SIZE,
    default: 1,
    description: 'Events in one request at most; with more than 1, the body is a list',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_BATCH_SIZE)
  batchSize?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_CONCURRENCY,
    default: CONCURRENCY,
    description: 'Requests at a time',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_CONCURRENCY)
  concurrency?: number;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    minimum: MIN_RATE_PER_S,
    maximum: MAX_RATE_PER_S,
    description: 'Requests per second at most; null: no limit',
  })
  @IsOptional()
  @IsNumber()
  @Min(MIN_RATE_PER_S)
  @Max(MAX_RATE_PER_S)
  ratePerSecond?: number | null;

  @ApiPropertyOptional({ type: Boolean, default: true, description: 'Whether it gets events' })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;
}

const NAME = { type: 'string', maxLength: MAX_NAME_LENGTH, description: 'For people', example: 'CI' } as const;
const URL_FIELD = {
  type: 'string',
  format: 'uri',
  maxLength: MAX_URL_LENGTH,
  description: 'Where to send, by https unless the operator allows http; without user and password',
  example: 'https://ci.example/hooks/muster',
} as const;

/** A new webhook. */
export class CreateWebhookDto extends WebhookFieldsDto {
  @ApiProperty(NAME)
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_NAME_LENGTH)
  name: string;

  @ApiProperty(URL_FIELD)
  @IsString()
  url: string;

  @ApiPropertyOptional({
    type: 'string',
    description: '`whsec_` and the Base64 of 24 to 64 bytes. Absent: one is made',
  })
  @IsOptional()
  @IsString()
  secret?: string;
}

/** What changes of a webhook; absent fields stay as they are. */
export class ChangeWebhookDto extends WebhookFieldsDto {
  @ApiPropertyOptional(NAME)
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_NAME_LENGTH)
  name?: string;

  @ApiPropertyOptional(URL_FIELD)
  @IsOptional()
  @IsString()
  url?: string;
}
