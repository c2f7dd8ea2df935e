import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../auth/needs.controller.js';
import { cursorOf } from '../events/cursor.js';
import { PageDto } from '../events/event-query.dto.js';
import { checkedQuery, shortType } from '../events/query.dto.js';
import { Problem } from '../shell/problem.js';
import type { DoorRequest } from '../shell/request-context.js';
import { checked } from '../templates/checked.dto.js';
import { mustReachAll } from './asking-of.js';
import {
  AttemptPageDto,
  AttemptsQueryDto,
  CountDto,
  DeadLettersDto,
  OutstandingPageDto,
  ReplayDto,
  ReplayedDto,
} from './deliveries.dto.js';
import { attemptShown, outstandingShown } from './delivery-answers.js';
import { pageOf } from './page-of.js';
import { replay, type Stretch } from './replay.js';
import { WebhookDesk } from './webhook-desk.js';
import { DELIVERY_PAGE, type Outstanding } from './webhook-store.js';

/** Dead letters that one call replays or drops at most. */
const MAX_DEAD_LETTERS = 100 * DELIVERY_PAGE;

/** What was sent to a webhook, what is still to be sent, and how to have it sent again. */
@ApiTags('webhooks')
@Controller('api/v2/webhooks/:id')
export class WebhookDeliveriesController {
  constructor(@Inject(WebhookDesk) private readonly desk: WebhookDesk) {}

  @Get('deliveries')
  @Needs('get_config')
  @ApiOperation({ summary: 'The log of deliveries: every attempt of the last days, newest first' })
  @ApiOkResponse({ type: AttemptPageDto })
  async attempts(@Req() request: DoorRequest, @Param('id') id: string, @Query() query: AttemptsQueryDto) {
    await this.known(request, id);
    const { limit, cursor, since, until, type, ...rest } = checkedQuery(AttemptsQueryDto, query);
    const wanted = {
      ...{ endpointId: id, ...rest },
      ...(type !== undefined && { type: shortType(type) }),
      ...(since !== undefined && { since: Date.parse(since) }),
      ...(until !== undefined && { until: Date.parse(until) }),
    };
    const page = pageOf({ ...(limit && { limit }), ...(cursor !== undefined && { cursor }) }, wanted);
    const before = page.position === undefined ? {} : { before: page.position };
    const found = await this.desk.parts.store.attempts({ ...wanted, ...before, limit: page.limit + 1 });
    const items = found.slice(0, page.limit);
    return {
      items: items.map(attemptShown),
      ...(found.length > page.limit && { next: cursorOf(wanted, items.at(-1)?.number ?? 0) }),
    };
  }

  @Get('outstanding')
  @Needs('get_config')
  @ApiOperation({ summary: 'Deliveries that are still to be made, in the order of the log' })
  @ApiOkResponse({ type: OutstandingPageDto })
  outstanding(@Req() request: DoorRequest, @Param('id') id: string, @Query() query: PageDto) {
    return this.listed(request, id, query, 'due');
  }

  @Get('dead-letters')
  @Needs('get_config')
  @ApiOperation({ summary: 'Deliveries that were given up, in the order of the log' })
  @ApiOkResponse({ type: OutstandingPageDto })
  deadLetters(@Req() request: DoorRequest, @Param('id') id: string, @Query() query: PageDto) {
    return this.listed(request, id, query, 'dead');
  }

  @Post('deliveries/:sequence/replay')
  @HttpCode(200)
  @Needs('change_config')
  @ApiOperation({
    summary: 'Send the event at this place in the log once more',
    description: 'Whether or not it matches the filters; with the same id as ever.',
  })
  @ApiOkResponse({ type: CountDto })
  async replayOne(
    @Req() request: DoorRequest,
    @Param('id') id: string,
    @Param('sequence') text: string,
  ): Promise<CountDto> {
    await this.known(request, id);
    const sequence = /^\d{1,15}$/.test(text) ? Number(text) : 0;
    const { archive, store, wake } = this.desk.parts;
    const range = { after: sequence - 1, before: sequence + 1 };
    const found = await archive.find({ ...range, order: 'oldest', limit: 1 });
    if (found.length === 0)
      throw new Problem(404, 'There is no such event', `The archive has none at sequence ${sequence}`, {
        code: 'EVENT_UNKNOWN',
      });
    await store.requeue(id, found);
    wake([id]);
    return { count: found.length };
  }

  @Post('replay')
  @HttpCode(200)
  @Needs('change_config')
  @ApiOperation({
    summary: 'Send past events that match once more, with the same ids as ever',
    description:
      'So many in one call; the answer says where the next one goes on. What was taken already may come again.',
  })
  @ApiBody({ type: ReplayDto })
  @ApiOkResponse({ type: ReplayedDto })
  async replayRange(@Req() request: DoorRequest, @Param('id') id: string, @Body() body: unknown): Promise<ReplayedDto> {
    const endpoint = await this.known(request, id);
    const { count, next } = await replay(this.desk.parts, endpoint, stretchOf(checked(ReplayDto, body)));
    if (count > 0) this.desk.parts.wake([id]);
    return { count, ...(next !== undefined && { next }) };
  }

  @Post('dead-letters/replay')
  @HttpCode(200)
  @Needs('change_config')
  @ApiOperation({ summary: 'Try dead letters again, from the beginning of the schedule' })
  @ApiBody({ type: DeadLettersDto, required: false })
  @ApiOkResponse({ type: CountDto })
  async revive(@Req() request: DoorRequest, @Param('id') id: string, @Body() body: unknown): Promise<CountDto> {
    await this.known(request, id);
    const { store, wake } = this.desk.parts;
    const count = await pages(body, (sequences) => store.reviveDead(id, sequences));
    if (count > 0) wake([id]);
    return { count };
  }

  @Post('dead-letters/drop')
  @HttpCode(200)
  @Needs('change_config')
  @ApiOperation({ summary: 'Forget dead letters; the events stay in the archive' })
  @ApiBody({ type: DeadLettersDto, required: false })
  @ApiOkResponse({ type: CountDto })
  async drop(@Req() request: DoorRequest, @Param('id') id: string, @Body() body: unknown): Promise<CountDto> {
    await this.known(request, id);
    return { count: await pages(body, (sequences) => this.desk.parts.store.dropDead(id, sequences)) };
  }

  private known(request: DoorRequest, id: string) {
    mustReachAll(request);
    return this.desk.mustGet(id);
  }

  private async listed(request: DoorRequest, id: string, query: PageDto, state: Outstanding['state']) {
    await this.known(request, id);
    const wanted = { endpointId: id, state };
    const page = pageOf(checkedQuery(PageDto, query), wanted);
    const after = page.position === undefined ? {} : { after: page.position };
    const found = await this.desk.parts.store.outstanding({ ...wanted, ...after, limit: page.limit + 1 });
    const items = found.slice(0, page.limit);
    return {
      items: items.map(outstandingShown),
      ...(found.length > page.limit && { next: cursorOf(wanted, items.at(-1)?.sequence ?? 0) }),
    };
  }
}

const stretchOf = ({ from, to }: ReplayDto): Stretch => ({
  from: placeOf(from),
  ...(to !== undefined && { to: placeOf(to) }),
});

const placeOf = (place: number | string) =>
  typeof place === 'number' ? { sequence: place } : { time: Date.parse(place) };

/** All that are meant, a page at a time. */
async function pages(body: unknown, step: (sequences?: readonly number[]) => Promise<number>): Promise<number> {
  const { sequences } = checked(DeadLettersDto, body ?? {});
  if (sequences !== undefined) return step(sequences);
  let count = 0;
  for (let done = DELIVERY_PAGE; done === DELIVERY_PAGE && count < MAX_DEAD_LETTERS;) count += done = await step();
  return count;
}
