import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../auth/needs.controller.js';
import { ApiProblems } from '../../shell/problem.dto.js';
import type { DoorRequest } from '../../shell/request-context.js';
import { ArchiveInStep } from '../archive-in-step.js';
import { cursorOf, positionOf } from '../cursor.js';
import { refuseLimitedReach } from '../limited-reach.js';
import { checkedQuery, wrongQuery } from '../query.dto.js';
import { AuditPageDto, AuditQueryDto, PAGE_COMMANDS } from './audit.dto.js';
import { auditPage } from './audit.js';

/** Who asked for what, from where, and what came of it. */
@ApiTags('audit')
@Controller('api/v2/audit')
export class AuditController {
  constructor(@Inject(ArchiveInStep) private readonly archive: ArchiveInStep) {}

  @Get()
  @Needs('view_logs')
  @ApiOperation({
    summary: 'Commands that doors and NATS clients asked for, newest first',
    description:
      'One item for each command that left an event. A command that was accepted and found nothing to change, such as the end of a VM that has ended, leaves none.',
  })
  @ApiOkResponse({ type: AuditPageDto })
  @ApiProblems({ 400: 'Parameters are unknown or wrong; `invalid` names each' })
  async list(@Query() query: AuditQueryDto, @Req() request: DoorRequest): Promise<AuditPageDto> {
    refuseLimitedReach(request.muster.reach);
    const { limit = PAGE_COMMANDS, cursor, ...asked } = checkedQuery(AuditQueryDto, query);
    const before = cursor === undefined ? undefined : positionOf(asked, cursor);
    if (cursor !== undefined && before === undefined)
      throw wrongQuery(['cursor must be `next` of a page of this very list']);
    const { since, until, ...rest } = asked;
    const filter = {
      ...rest,
      ...(since !== undefined && { since: Date.parse(since) }),
      ...(until !== undefined && { until: Date.parse(until) }),
    };
    const { items, from } = await auditPage(this.archive, filter, { before, limit });
    return { items, ...(from !== undefined && { next: cursorOf(asked, from) }) };
  }
}
