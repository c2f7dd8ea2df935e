import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiNotModifiedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs } from '../auth/needs.controller.js';
import { ArchiveInStep } from '../events/archive-in-step.js';
import { EventPageDto } from '../events/cloud-event.dto.js';
import { cursorOf, positionOf } from '../events/cursor.js';
import { PAGE_ITEMS } from '../events/event-query.dto.js';
import { pageText } from '../events/event-page.js';
import { nextAfter, questionOf } from '../events/events-query.dto.js';
import { checkedQuery, wrongQuery } from '../events/query.dto.js';
import { ApiProblems } from '../shell/problem.dto.js';
import { etagOf, isNoneOf } from '../shell/etag.js';
import { VM_VIEW } from '../tokens.js';
import type { VmRow, VmView } from '../views/index.js';
import { unknownVm } from './unknown-vm.js';
import { HistoryQueryDto, momentOf, VmQueryDto, VmsQueryDto } from './vm-query.dto.js';
import { shownVm } from './vm-shown.js';
import { VmDto, VmPageDto } from './vm.dto.js';
import { VmPast } from './vm-past.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** VMs as they are and as they were. */
@ApiTags('vms')
@Controller('api/v2/vms')
export class VmReadsController {
  constructor(
    @Inject(VM_VIEW) private readonly vms: VmView,
    @Inject(VmPast) private readonly past: VmPast,
    @Inject(ArchiveInStep) private readonly step: ArchiveInStep,
  ) {}

  @Get()
  @Needs('list_vms')
  @ApiOperation({ summary: 'VMs that match, page by page' })
  @ApiOkResponse({ type: VmPageDto })
  @ApiProblems({ 400: 'Parameters are unknown or wrong; `invalid` names each' })
  async list(@Query() query: VmsQueryDto): Promise<VmPageDto> {
    const { limit = PAGE_ITEMS, cursor, ...asked } = checkedQuery(VmsQueryDto, query);
    const after = cursor === undefined ? 0 : positionOf(asked, cursor);
    if (after === undefined) throw wrongQuery(['cursor must be `next` of a page of this very list']);
    const { phase, node, externalId } = asked;
    await this.step.viewsInStep();
    const rows = await this.vms.list({
      ...(phase && { phase }),
      ...(node !== undefined && { nodeId: node }),
      ...(externalId !== undefined && { externalId }),
    });
    const rest = rows.filter(({ acceptedSequence }) => acceptedSequence > after);
    const items = rest.slice(0, limit);
    const last = rest.length > limit ? items.at(-1) : undefined;
    return { items: items.map(shownVm), ...(last && { next: cursorOf(asked, last.acceptedSequence) }) };
  }

  @Get(':id')
  @Needs('list_vms')
  @ApiOperation({
    summary: 'A VM as it is, or as it was at some event or time',
    description: 'The past is the fold of its archived events up to that moment, also of a VM that was removed since.',
  })
  @ApiOkResponse({ type: VmDto, headers: { ETag: { description: 'Its sequence', schema: { type: 'string' } } } })
  @ApiHeader({ name: 'if-none-match', required: false, description: 'The entity tag that the client has' })
  @ApiNotModifiedResponse({ description: 'It is as the entity tag in `If-None-Match` says' })
  @ApiProblems({
    400: '`at` is no moment, or the log has not come that far',
    404: 'There is, or was at that moment, no such VM',
    410: 'What would tell is kept no longer',
  })
  async read(
    @Param('id') id: string,
    @Query() query: VmQueryDto,
    @Res() reply: FastifyReply,
    @Headers('if-none-match') ifNoneMatch?: string,
  ): Promise<void> {
    const { at } = checkedQuery(VmQueryDto, query);
    const row = at === undefined ? await this.now(id) : await this.past.rowAt(id, momentOf(at));
    if (row === undefined) throw unknownVm(id);
    const etag = etagOf(row.sequence);
    void reply.header('etag', etag);
    if (isNoneOf(ifNoneMatch, etag)) void reply.type(JSON_TYPE).send(shownVm(row));
    else void reply.code(304).send();
  }

  @Get(':id/history')
  @Needs('list_vms')
  @ApiOperation({ summary: 'All events about a VM, also when it is gone' })
  @ApiOkResponse({ type: EventPageDto })
  @ApiProblems({
    400: 'Parameters are unknown or wrong; `invalid` names each',
    404: 'There never was such a VM, as far as is remembered',
  })
  async history(@Param('id') id: string, @Query() query: HistoryQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const dto = checkedQuery(HistoryQueryDto, query);
    const question = questionOf(dto, 'oldest');
    const found = await this.past.events(id, question);
    const items = found.slice(0, question.limit - 1);
    const last = found.length > items.length ? items.at(-1) : undefined;
    void reply.type(JSON_TYPE).send(pageText(items, last && nextAfter(dto, last.sequence)));
  }

  private async now(id: string): Promise<VmRow | undefined> {
    await this.step.viewsInStep();
    return this.vms.get(id);
  }
}
