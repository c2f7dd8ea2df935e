import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { VmPhase } from '#domain';
import { PHASES } from './explanation.dto.js';

const whole = { type: 'integer', minimum: 0 } as const;
const time = { type: 'string', format: 'date-time', example: '2026-03-01T10:00:00.000Z' } as const;

/** The version of a template that the VM was started from. */
export class VmTemplateDto {
  id: string;
  name: string;
  tag: string;

  @ApiProperty({ ...whole, description: 'Number of the version, from 0' })
  version: number;

  @ApiProperty({ example: 'arm64' })
  arch: string;
}

export class VmForwardDto {
  name: string;

  @ApiProperty(whole)
  guestPort: number;

  @ApiPropertyOptional({ ...whole, description: 'Absent: the host takes a free one when the VM starts' })
  hostPort?: number;
}

/** The VM as its host described it last. */
export class VmInstanceDto {
  uuid: string;

  @ApiProperty({ description: 'Name on the host' })
  name: string;

  @ApiProperty({ enum: ['running', 'stopped'] })
  status: 'running' | 'stopped';

  @ApiProperty({ description: 'Address that clients connect to' })
  hostIp: string;
  guestIp: string;

  @ApiProperty({ type: () => [VmForwardDto] })
  forwards: readonly VmForwardDto[];

  @ApiProperty(time)
  createdAt: string;

  @ApiProperty(time)
  startedAt: string;

  @ApiPropertyOptional(time)
  stoppedAt?: string;
}

export class VmScriptDto {
  @ApiProperty({ type: 'integer', description: '−1 when it ran out of time' })
  returnCode: number;
  didTimeout: boolean;
  stdout: string;
  stderr: string;
}

/** A start that failed. */
export class VmAttemptDto {
  nodeId: string;
  message: string;

  @ApiProperty(time)
  at: string;
}

/** One VM, folded from the events about it. */
export class VmDto {
  @ApiProperty({ example: 'ci-17' })
  id: string;

  @ApiProperty({ ...whole, description: 'Sequence of the last event about it; also its entity tag' })
  sequence: number;

  @ApiProperty({ enum: Object.keys(PHASES) })
  phase: VmPhase['name'];

  @ApiProperty({ description: 'Its node fetches the template first; only while assigned' })
  pulling: boolean;

  @ApiPropertyOptional({ description: 'The node on which it has, or at its end had, a seat' })
  nodeId?: string;

  @ApiPropertyOptional({ ...whole, description: 'Names its seat; present exactly while it has one' })
  epoch?: number;

  @ApiPropertyOptional()
  name?: string;

  @ApiPropertyOptional({ description: 'What the client calls it' })
  externalId?: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
    example: { pipeline: 'main' },
  })
  metadata: Readonly<Record<string, string | number | boolean>>;

  @ApiProperty({ type: () => VmTemplateDto })
  template: VmTemplateDto;

  @ApiProperty({ ...whole, description: 'Cores' })
  cpu: number;

  @ApiProperty(whole)
  memoryMiB: number;

  @ApiPropertyOptional({ ...whole, description: '1–10000; lower is more urgent' })
  priority?: number;

  @ApiPropertyOptional({ description: 'The node that must run it' })
  wantedNodeId?: string;

  @ApiPropertyOptional({ description: 'The group that must run it' })
  wantedGroupId?: string;

  @ApiProperty({ type: () => [VmForwardDto] })
  forwards: readonly VmForwardDto[];

  @ApiPropertyOptional({ description: 'Id of the USB device that it holds' })
  usbDevice?: string;

  @ApiPropertyOptional({ description: 'The MAC address that it was given' })
  macAddress?: string;

  @ApiPropertyOptional({ type: () => VmInstanceDto })
  instance?: VmInstanceDto;

  @ApiPropertyOptional({ type: () => VmScriptDto, description: 'Result of its monitored script' })
  script?: VmScriptDto;

  @ApiPropertyOptional({ description: 'Why it failed or ended' })
  message?: string;

  @ApiProperty({ type: () => [VmAttemptDto], description: 'Starts that failed, oldest first' })
  attempts: readonly VmAttemptDto[];

  @ApiProperty({ ...whole, description: 'Restarts that were asked for' })
  restarts: number;

  @ApiProperty({ ...whole, description: 'How many of them are done' })
  restartsDone: number;

  @ApiProperty({ description: 'Who asked for it' })
  actor: string;

  @ApiProperty({ description: 'Id of the command that asked for it' })
  commandId: string;

  correlationId: string;

  @ApiProperty(time)
  createdAt: string;

  @ApiProperty(time)
  updatedAt: string;

  @ApiPropertyOptional(time)
  startedAt?: string;

  @ApiPropertyOptional(time)
  terminatedAt?: string;
}

export class VmPageDto {
  @ApiProperty({ type: () => [VmDto], description: 'In the order of their acceptance' })
  items: readonly VmDto[];

  @ApiPropertyOptional({ description: '`cursor` of the next page; absent on the last one' })
  next?: string;
}
