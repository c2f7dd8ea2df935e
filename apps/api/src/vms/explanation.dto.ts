import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  FILTER_REASONS,
  type FilterReason,
  type Lack,
  LACKS,
  MAX_NEAREST_NODES,
  type Outlook,
  type VmPhase,
} from '#domain';

const whole = { type: 'integer', minimum: 0 } as const;

export const PHASES: Record<VmPhase['name'], true> = {
  pending: true,
  assigned: true,
  running: true,
  stopped: true,
  pushing: true,
  failed: true,
  terminating: true,
  terminated: true,
};

/** What the VM needs of the node, what is free of it, and what there would be if the node were empty. */
export class LackDto {
  @ApiProperty({ enum: LACKS })
  of: Lack['of'];

  @ApiProperty(whole)
  needs: number;

  @ApiProperty(whole)
  free: number;

  @ApiProperty(whole)
  limit: number;
}

/** One reason against a node. */
export class ObstacleDto {
  @ApiProperty({ enum: FILTER_REASONS })
  reason: FilterReason;

  @ApiProperty({
    enum: ['passing', 'lasting'],
    description: '`passing` may go away by itself; `lasting` needs an operator, or another request',
  })
  outlook: Outlook;

  @ApiPropertyOptional({ type: () => LackDto })
  lack?: LackDto;
}

export class NearNodeDto {
  nodeId: string;

  @ApiProperty({
    type: () => [ObstacleDto],
    description: 'All reasons against it; empty when it could take the VM now',
  })
  obstacles: readonly ObstacleDto[];
}

/** A node that is worth waiting for. */
export class WaitsForDto {
  nodeId: string;

  @ApiProperty({ ...whole, description: 'Unix ms: then it goes to any node that can take it' })
  until: number;
}

/** Why a VM has no node. */
export class WaitsDto {
  @ApiProperty({ ...whole, description: 'Unix ms: when it was accepted, or when its last attempt failed' })
  since: number;

  @ApiProperty({
    ...whole,
    description: 'Pending VMs that go before it; those that need something else do not hold it up',
  })
  ahead: number;

  @ApiProperty({ ...whole, description: 'Nodes of the fleet' })
  nodes: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: whole,
    description: 'Each node once, under the reason that explains most, or as `available`; together they are `nodes`',
    example: { available: 0, full: 12, draining: 3 },
  })
  counts: Readonly<Partial<Record<FilterReason, number>>> & { readonly available: number };

  @ApiProperty({ type: () => [NearNodeDto], maxItems: MAX_NEAREST_NODES, description: 'Nodes with the fewest reasons' })
  nearest: readonly NearNodeDto[];

  @ApiProperty({ description: 'No node of the fleet as it is now could ever take it' })
  impossible: boolean;

  @ApiPropertyOptional({
    type: () => WaitsForDto,
    description: 'It lets other nodes go for a moment, because this one has its template and is about to have room',
  })
  waitsFor?: WaitsForDto;
}

/** What a node was worth to the VM: the weighted parts and their sum. Higher is better. */
export class ScoreDto {
  total: number;
  locality: number;
  fit: number;
  health: number;
}

export class RunnerUpDto {
  nodeId: string;

  @ApiProperty({ type: () => ScoreDto })
  score: ScoreDto;
}

export class ChoiceDto {
  @ApiProperty({ type: () => ScoreDto })
  score: ScoreDto;

  @ApiPropertyOptional({ type: () => RunnerUpDto, description: 'Absent when no other node could take the VM' })
  runnerUp?: RunnerUpDto;
}

export class PlacedDto {
  nodeId: string;

  @ApiProperty({ ...whole, description: 'Sequence of the event that placed it' })
  epoch: number;

  @ApiPropertyOptional({ type: () => ChoiceDto, description: 'As it was at that moment' })
  choice?: ChoiceDto;
}

export class AttemptDto {
  nodeId: string;
  message: string;

  @ApiProperty({ ...whole, description: 'Unix ms' })
  at: number;
}

/** Why a VM is where it is, or why it is nowhere. */
export class ExplanationDto {
  @ApiProperty({ ...whole, description: 'Sequence of the last event that the answer knows of' })
  asOf: number;

  vmId: string;

  @ApiProperty({ enum: Object.keys(PHASES) })
  phase: VmPhase['name'];

  @ApiProperty({ example: 'Waits: no node has 8192 MiB free (12 full, 3 draining)' })
  sentence: string;

  @ApiPropertyOptional({ type: () => WaitsDto, description: 'Exactly while it is pending' })
  waits?: WaitsDto;

  @ApiPropertyOptional({ type: () => PlacedDto, description: 'Exactly while it has a seat on a node' })
  placed?: PlacedDto;

  @ApiProperty({ type: () => [AttemptDto], description: 'Starts that failed, oldest first' })
  attempts: readonly AttemptDto[];

  @ApiPropertyOptional({ description: 'Why it failed or ended' })
  message?: string;
}
