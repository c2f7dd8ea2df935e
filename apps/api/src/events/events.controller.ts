import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs } from '../auth/needs.controller.js';
import { ApiProblems } from '../shell/problem.dto.js';
import { Problem } from '../shell/problem.js';
import type { DoorRequest } from '../shell/request-context.js';
import { ArchiveInStep } from './archive-in-step.js';
import { CloudEventDto, EventPageDto } from './cloud-event.dto.js';
import { pageText } from './event-page.js';
import { EventsQueryDto, nextAfter, questionOf } from './events-query.dto.js';
import { refuseLimitedReach } from './limited-reach.js';
import { checkedQuery } from './query.dto.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** What happened, from the archive. */
@ApiTags('events')
@Controller('api/v2/events')
export class EventsController {
  constructor(@Inject(ArchiveInStep) private readonly archive: ArchiveInStep) {}

  @Get()
  @Needs('view_logs')
  @ApiOperation({
    summary: 'Events that match, as CloudEvents, page by page',
    description:
      'An event must fit every parameter that is given. Whoever has read a row, or was told of an outcome, finds its events here.',
  })
  @ApiOkResponse({ type: EventPageDto })
  @ApiProblems({ 400: 'Parameters are unknown or wrong; `invalid` names each' })
  async list(@Query() query: EventsQueryDto, @Req() request: DoorRequest, @Res() reply: FastifyReply): Promise<void> {
    refuseLimitedReach(request.muster.reach);
    const dto = checkedQuery(EventsQueryDto, query);
    const question = questionOf(dto);
    const found = await this.archive.find(question);
    const items = found.slice(0, question.limit - 1);
    const last = found.length > items.length ? items.at(-1) : undefined;
    void reply.type(JSON_TYPE).send(pageText(items, last && nextAfter(dto, last.sequence)));
  }

  @Get(':id')
  @Needs('view_logs')
  @ApiOperation({ summary: 'One event by its id' })
  @ApiOkResponse({ type: CloudEventDto })
  @ApiProblems({ 404: 'No event of the archive has this id' })
  async read(@Param('id') id: string, @Req() request: DoorRequest, @Res() reply: FastifyReply): Promise<void> {
    refuseLimitedReach(request.muster.reach);
    const event = await this.archive.byId(id);
    if (event === undefined)
      throw new Problem(404, 'There is no such event', `No event has the id ${JSON.stringify(id)}`, {
        code: 'EVENT_UNKNOWN',
      });
    void reply.type(JSON_TYPE).send(event.body);
  }
}
