import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Needs } from '../auth/needs.controller.js';
import { cursorOf } from '../events/cursor.js';
import { PageDto } from '../events/event-query.dto.js';
import { checkedQuery } from '../events/query.dto.js';
import type { DoorRequest } from '../shell/request-context.js';
import { checked } from '../templates/checked.dto.js';
import { askingOf, mustReachAll } from './asking-of.js';
import { expectedOf, etagOf } from './etag.js';
import { pageOf } from './page-of.js';
import { secretOf } from './field-rules.js';
import { OVERLAP_S } from './secrets.js';
import { shown, withHealth, withSecret } from './webhook-answers.js';
import { WebhookDesk } from './webhook-desk.js';
import { ChangeWebhookDto, CreateWebhookDto } from './webhook-fields.dto.js';
import { changeOf, settingsOf } from './webhook-settings.js';
import {
  PingDto,
  RotateSecretDto,
  WebhookDto,
  WebhookPageDto,
  WebhookWithHealthDto,
  WebhookWithSecretDto,
} from './webhook.dto.js';

interface Reply {
  header(name: string, value: string): unknown;
}

const ROUTE = 'api/v2/webhooks';
const KEY = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key is the same request: it is carried out once, and answered alike',
};
const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag of the state that is to be changed; of another state the answer is 412',
};

/** Endpoints that events are sent to. */
@ApiTags('webhooks')
@Controller(ROUTE)
export class WebhooksController {
  constructor(@Inject(WebhookDesk) private readonly desk: WebhookDesk) {}

  @Post()
  @HttpCode(201)
  @Needs('change_config')
  @ApiOperation({ summary: 'Make a webhook', description: 'It gets every event that matches from now on.' })
  @ApiHeader(KEY)
  @ApiBody({ type: CreateWebhookDto })
  @ApiCreatedResponse({ type: WebhookWithSecretDto })
  async create(
    @Req() request: DoorRequest,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<WebhookWithSecretDto> {
    const { ask, policy, newSecret } = this.desk.parts;
    const dto = checked(CreateWebhookDto, body);
    const settings = settingsOf(dto, policy, newSecret);
    const made = await this.desk.create(settings, dto.enabled ?? true, askingOf(request, ask, `POST ${ROUTE}`));
    reply.header('etag', etagOf(made));
    return withSecret(made, this.now());
  }

  @Get()
  @Needs('get_config')
  @ApiOperation({ summary: 'All webhooks, oldest first' })
  @ApiOkResponse({ type: WebhookPageDto })
  async list(@Req() request: DoorRequest, @Query() query: unknown): Promise<WebhookPageDto> {
    mustReachAll(request);
    const page = pageOf(checkedQuery(PageDto, query), { list: ROUTE });
    const found = await this.desk.parts.store.list(page.position ?? 0, page.limit + 1);
    const items = found.slice(0, page.limit);
    const last = items.at(-1);
    return {
      items: items.map((endpoint) => shown(endpoint, this.now())),
      ...(found.length > page.limit && { next: cursorOf({ list: ROUTE }, last?.createdSequence ?? 0) }),
    };
  }

  @Get(':id')
  @Needs('get_config')
  @ApiOperation({ summary: 'One webhook, and what waits for it' })
  @ApiOkResponse({ type: WebhookWithHealthDto })
  async read(
    @Req() request: DoorRequest,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<WebhookWithHealthDto> {
    mustReachAll(request);
    const endpoint = await this.desk.mustGet(id);
    reply.header('etag', etagOf(endpoint));
    return withHealth(endpoint, await this.desk.parts.store.waiting(id), this.now());
  }

  @Patch(':id')
  @Needs('change_config')
  @ApiOperation({
    summary: 'Change, enable or disable a webhook',
    description:
      'One that failed for too long goes on where it stopped when it is enabled. Of the time for which an operator had disabled it, it gets nothing.',
  })
  @ApiHeader(KEY)
  @ApiHeader(IF_MATCH)
  @ApiBody({ type: ChangeWebhookDto })
  @ApiOkResponse({ type: WebhookDto })
  async change(
    @Req() request: DoorRequest,
    @Param('id') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<WebhookDto> {
    const asking = askingOf(request, this.desk.parts.ask, `PATCH ${ROUTE}/${id}`);
    const dto = checked(ChangeWebhookDto, body);
    const change = changeOf(dto, this.desk.parts.policy, await this.desk.mustGet(id));
    const switched = dto.enabled === undefined ? {} : { enabled: dto.enabled };
    const after = await this.desk.change(id, { ...change, ...switched }, asking, expectedOf(request));
    reply.header('etag', etagOf(after));
    return shown(after, this.now());
  }

  @Delete(':id')
  @HttpCode(204)
  @Needs('change_config')
  @ApiOperation({ summary: 'Take a webhook away, with all that waits for it' })
  @ApiNoContentResponse()
  async delete(@Req() request: DoorRequest, @Param('id') id: string): Promise<void> {
    await this.desk.delete(id, askingOf(request, this.desk.parts.ask, `DELETE ${ROUTE}/${id}`));
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Needs('change_config')
  @ApiOperation({
    summary: 'Sign with a new secret',
    description: 'For a while requests carry the signatures of the secrets of before as well.',
  })
  @ApiHeader(KEY)
  @ApiBody({ type: RotateSecretDto, required: false })
  @ApiOkResponse({ type: WebhookWithSecretDto })
  async rotate(
    @Req() request: DoorRequest,
    @Param('id') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<WebhookWithSecretDto> {
    const { secret, overlapS = OVERLAP_S } = checked(RotateSecretDto, body ?? {});
    const given = secret === undefined ? undefined : secretOf(secret);
    const asking = askingOf(request, this.desk.parts.ask, `POST ${ROUTE}/${id}/rotate-secret`);
    const after = await this.desk.rotate(id, given, overlapS * 1000, asking);
    reply.header('etag', etagOf(after));
    return withSecret(after, this.now());
  }

  @Post(':id/ping')
  @HttpCode(200)
  @Needs('change_config')
  @ApiOperation({
    summary: 'Send an event of type muster.webhook.ping at once',
    description:
      'Whether or not it is enabled; in the form of its deliveries, so as a list of one when `batchSize` is above 1. It is tried once, and is no event of the log.',
  })
  @ApiOkResponse({ type: PingDto })
  async ping(@Req() request: DoorRequest, @Param('id') id: string): Promise<PingDto> {
    mustReachAll(request);
    const eventId = this.desk.parts.ask.idFor();
    const { outcome, status, latencyMs, request: sent, response, error } = await this.desk.ping(id, eventId);
    return {
      ...{ id: eventId, outcome, latencyMs, request: sent, response },
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error }),
    };
  }

  private now(): number {
    return this.desk.parts.clock.now();
  }
}
