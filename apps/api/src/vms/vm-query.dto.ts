import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import type { VmPhase } from '#domain';
import { PageDto } from '../events/event-query.dto.js';
import { StretchDto } from '../events/events-query.dto.js';
import { isMoment, Word, wrongQuery } from '../events/query.dto.js';
import { PHASES } from './explanation.dto.js';

/** Which VMs a list shows. */
export class VmsQueryDto extends PageDto {
  @ApiPropertyOptional({ enum: Object.keys(PHASES), description: 'Only VMs in this phase' })
  @IsOptional()
  @IsIn(Object.keys(PHASES))
  phase?: VmPhase['name'];

  @Word({ description: 'Only VMs on this node' })
  node?: string;

  @ApiPropertyOptional({ description: 'Only VMs that a client calls so' })
  @IsOptional()
  @IsString()
  externalId?: string;
}

/** Which part of a VM's history is shown. */
export class HistoryQueryDto extends StretchDto {
  @ApiPropertyOptional({ enum: ['newest', 'oldest'], default: 'oldest', description: 'Which events come first' })
  override order?: 'newest' | 'oldest';
}

/** As of when a VM is shown. */
export class VmQueryDto {
  @Word({
    description: 'As of this event of the log, or this time (RFC 3339), both included; without it, now',
    example: '2026-03-01T10:00:00Z',
  })
  at?: string;
}

/** The moment that `at` means. Throws a 400. */
export function momentOf(at: string): { sequence: number } | { time: number } {
  if (/^\d{1,15}$/.test(at)) return { sequence: Number(at) };
  if (isMoment(at)) return { time: Date.parse(at) };
  throw wrongQuery(['at must be a sequence, or a time as in 2026-03-01T10:00:00Z (RFC 3339)']);
}
