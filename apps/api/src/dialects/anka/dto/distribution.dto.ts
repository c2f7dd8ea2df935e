import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { OptionalInteger, OptionalText, OptionalTexts, Passthrough, RequiredText } from './lenient.dto.js';

const MAX_VERSION = 1_000_000;
const MAX_NODE_IDS = 9_000;

/** Body of POST /api/v1/registry/vm/distribute. */
export class DistributeDto {
  @RequiredText()
  template_id: string;

  /** Absent: the latest version. */
  @OptionalText()
  tag?: string;

  /** A version number from 0, instead of a tag. */
  @OptionalInteger(0, MAX_VERSION)
  version?: number;

  /** Absent or empty: all nodes, or those of the group. */
  @OptionalTexts(MAX_NODE_IDS)
  node_ids?: string[];

  /** Id or name of a group of nodes. */
  @OptionalText()
  group_id?: string;

  /** Permission group; not acted on. */
  @Passthrough()
  group?: string;
}

export class DistributionRequestDto {
  request_id: string;
}

/** What was asked for. */
export class DistributionOrderDto extends DistributionRequestDto {
  template_id: string;

  /** The tag that it came down to. */
  tag: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  version: number;

  @ApiProperty({ type: 'string', format: 'date-time' })
  time_requested: string;
}

/** How far one node is. */
export class DistributionPartDto {
  /** Whether the node has the template. */
  status: boolean;

  @ApiProperty({ type: 'number', minimum: 0, maximum: 1 })
  progress: number;

  /** Why the node will not get it by this request. */
  @ApiPropertyOptional()
  error?: string;

  /** When this changed last. */
  @ApiProperty({ type: 'string', format: 'date-time' })
  ts: string;
}

/** A request to bring a template to nodes. */
export class DistributionDto {
  request: DistributionOrderDto;

  /** By the id of the node. */
  @ApiProperty({ type: 'object', additionalProperties: { $ref: '#/components/schemas/DistributionPartDto' } })
  distribute_status: Record<string, DistributionPartDto>;
}

/** Body of DELETE /api/v1/registry/vm/remove. */
export class RemoveTemplateDto {
  /** Absent or empty: all nodes that have it. */
  @OptionalTexts(MAX_NODE_IDS)
  node_ids?: string[];
}

/** Which nodes were told to drop a template from their caches. */
export class RemovedTemplateDto {
  @ApiProperty({ type: 'integer', minimum: 0 })
  requests_sent: number;

  node_ids: string[];
}
