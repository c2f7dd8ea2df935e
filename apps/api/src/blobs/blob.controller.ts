import { Controller, Get, Head, Inject, Param, Put, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Needs } from '../auth/needs.controller.js';
import { Problem } from '../shell/problem.js';
import { BLOB_STORE } from '../tokens.js';
import { BlobRejected, type BlobStore, MAX_BLOB_BYTES } from './blob-store.js';
import { wantedBytes } from './byte-range.js';

/** Bytes by their digest: what templates are made of goes in here, and nodes take it out. */
@ApiExcludeController()
@Controller('blobs')
export class BlobController {
  constructor(@Inject(BLOB_STORE) private readonly blobs: BlobStore) {}

  /** 201 with digest and size; 200 when it was here before. */
  @Put(':digest')
  @Needs('registry:push_vm', { alsoNodes: true })
  async put(
    @Param('digest') digest: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (Number(request.headers['content-length']) > MAX_BLOB_BYTES) throw tooLarge();
    const known = await this.blobs.has(digest);
    const content = request.body instanceof Readable ? request.body : Readable.from([]);
    try {
      const ref = await this.blobs.putAs(digest, content);
      void reply.code(known === undefined ? 201 : 200).send(ref);
    } catch (error) {
      // What is left of the body is not read, so the connection is of no further use.
      void reply.header('connection', 'close');
      throw error instanceof BlobRejected ? problemOf(error) : error;
    }
  }

  /** Who finds it here need not send it, and may name it next. */
  @Head(':digest')
  @Needs('registry:pull_vm', { alsoNodes: true })
  async head(@Param('digest') digest: string, @Res() reply: FastifyReply): Promise<void> {
    const sizeBytes = await this.blobs.renew(digest);
    if (sizeBytes === undefined) return void reply.code(404).send();
    void reply.headers({ ...headersOf(digest), 'content-length': String(sizeBytes) }).send();
  }

  /** All of it, or with `Range` a part; with `If-Range` a part only of these very bytes. */
  @Get(':digest')
  @Needs('registry:pull_vm', { alsoNodes: true })
  async get(
    @Param('digest') digest: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sizeBytes = await this.blobs.has(digest);
    if (sizeBytes === undefined) throw unknownBlob(digest);
    reply.headers(headersOf(digest));
    if (request.headers['if-none-match'] === etagOf(digest)) return void reply.code(304).send();
    const ifRange = request.headers['if-range'];
    const range = ifRange === undefined || ifRange === etagOf(digest) ? request.headers.range : undefined;
    const wanted = wantedBytes(range, sizeBytes);
    if (wanted.kind === 'none') return void reply.code(416).header('content-range', `bytes */${sizeBytes}`).send();
    const part = wanted.kind === 'part' ? { start: wanted.start, end: wanted.end } : undefined;
    const content = await this.blobs.open(digest, part);
    if (content === undefined) throw unknownBlob(digest);
    if (part !== undefined)
      void reply.code(206).header('content-range', `bytes ${part.start}-${part.end}/${sizeBytes}`);
    void reply
      .header('content-length', String(part === undefined ? sizeBytes : part.end - part.start + 1))
      .send(content);
  }
}

const etagOf = (digest: string): string => `"${digest}"`;

const headersOf = (digest: string): Record<string, string> => ({
  etag: etagOf(digest),
  'accept-ranges': 'bytes',
  'content-type': 'application/octet-stream',
  'cache-control': 'public, max-age=31536000, immutable',
});

const unknownBlob = (digest: string): Problem =>
  new Problem(404, 'There is no such blob', `No blob is stored as ${digest}`, { digest });

const tooLarge = (): Problem => new Problem(413, 'The blob is too large', `A blob has at most ${MAX_BLOB_BYTES} bytes`);

function problemOf({ reason, message }: BlobRejected): Problem {
  if (reason === 'size') return tooLarge();
  return new Problem(400, reason === 'name' ? 'That is no digest' : 'The digest does not match', message);
}
