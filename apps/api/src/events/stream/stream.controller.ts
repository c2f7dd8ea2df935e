import { type BeforeApplicationShutdown, Controller, Get, Headers, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AUTH, type Auth } from '../../auth/auth.js';
import { recheckOf } from '../../auth/doors.guard.js';
import { Needs } from '../../auth/needs.controller.js';
import { ApiProblems } from '../../shell/problem.dto.js';
import { filterOf } from '../event-query.dto.js';
import { refuseLimitedReach } from '../limited-reach.js';
import { checkedQuery } from '../query.dto.js';
import { Followers } from './followers.js';
import type { Wire } from './follower.js';
import { bookmarkFrame, openingFrame } from './frame.js';
import { beginOf, StreamQueryDto } from './stream-query.dto.js';

type Raw = FastifyReply['raw'];

const DESCRIPTION = [
  `Each event has its \`sequence\` as \`id\`, its \`type\` as \`event\` and the CloudEvent as \`data\`, in the order of the log, without
gap or repetition. A client that comes back says in \`Last-Event-ID\` how far it is and goes on after that, at any replica; without it,
and without \`after\`, it hears of what happens from now on.`,
  `An event \`bookmark\` with \`{}\` as its data stands first, and again when the log went on for 15 s without anything for this client:
its id, too, is a place to come back to. Otherwise a comment is sent after 15 s of silence. A client may read as slowly as it likes: it
misses nothing that is kept. One that reads nothing for 5 minutes is cut off.`,
  'Credentials are checked again every 30 s; the stream ends when they no longer count.',
]
  .map((paragraph) => paragraph.replaceAll('\n', ' '))
  .join('\n\n');

const EXAMPLE = [
  'retry: 2000\n\n',
  'id: 4710\nevent: bookmark\ndata: {}\n\n',
  'id: 4711\nevent: muster.vm.VMStarted\ndata: {"specversion":"1.0","id":"6b1f:0","type":"muster.vm.VMStarted",…}\n\n',
].join('');

const STREAM = { schema: { type: 'string' }, example: EXAMPLE } as const;

/** The log as it grows, as server-sent events. */
@ApiTags('events')
@Controller('api/v2/stream')
export class StreamController implements BeforeApplicationShutdown {
  constructor(
    @Inject(Followers) private readonly followers: Followers,
    @Inject(AUTH) private readonly auth: Auth,
  ) {}

  /** Before the listener closes: it would wait for each stream to end. */
  beforeApplicationShutdown(): void {
    this.followers.close();
  }

  @Get()
  @Needs('view_logs')
  @ApiOperation({ summary: 'Events as they happen, as server-sent events', description: DESCRIPTION })
  @ApiHeader({ name: 'last-event-id', required: false, description: 'As `after`, and counts more than that' })
  @ApiOkResponse({ description: 'The stream; it does not end by itself', content: { 'text/event-stream': STREAM } })
  @ApiProblems({
    400: 'Parameters are unknown or wrong; `invalid` names each',
    410: 'What comes after that place is kept no longer, or the log ends before it: read the state anew, and follow from now',
    503: 'This process has no place for another follower, or something that is needed is away; `Retry-After` says when to ask again',
  })
  async follow(
    @Query() query: StreamQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<void> {
    refuseLimitedReach(request.muster.reach);
    const dto = checkedQuery(StreamQueryDto, query);
    const after = beginOf(dto, lastEventId);
    const filter = filterOf(dto);
    const recheck = recheckOf(request, this.auth);
    const seat = this.followers.takeSeat();
    try {
      const place = await this.followers.placeFor(after);
      const { raw } = begin(reply);
      // Somebody who asks for the head alone, or left while we looked, is not followed by anything.
      if (request.method === 'HEAD' || raw.destroyed) {
        seat.leave();
        return void raw.end();
      }
      raw.once('close', () => seat.leave());
      raw.write(Buffer.concat([openingFrame(), bookmarkFrame(place)]));
      const again = async () => refuseLimitedReach(await recheck());
      const follower = seat.follow({ wire: wireOf(raw), filter, place, recheck: again });
      raw.socket?.on('drain', () => follower.drained());
    } catch (error) {
      seat.leave();
      throw error;
    }
  }
}

/**
 * The answer is ours to write from here on, with the headers that it has so far. It ends with the connection: a length before each write
 * would make every frame another one for every follower.
 */
function begin(reply: FastifyReply): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  raw.useChunkedEncodingByDefault = false;
  const headers = reply.getHeaders() as Record<string, string>;
  raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    // Neither kept nor compressed on the way, nor held back by a proxy until there is more of it.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  raw.socket?.setNoDelay(true);
  return reply;
}

/** Behind the head the connection is ours alone, and takes bytes for half of what they cost through the answer's own layers. */
const wireOf = (raw: Raw): Wire => ({
  write: (bytes) => raw.socket?.write(bytes) ?? false,
  end: (bytes) => void raw.end(bytes),
  cut: () => void raw.destroy(),
});
