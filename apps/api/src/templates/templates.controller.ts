import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { type BlobRef, type PushTemplateCommand } from '#domain';
import { Needs } from '../auth/needs.controller.js';
import type { BlobStore } from '../blobs/blob-store.js';
import { Ask } from '../commands/ask.js';
import { askedBy } from '../commands/asked-by.js';
import { checkIdempotencyKey, derivedId, keyedId } from '../commands/command-id.js';
import { Problem } from '../shell/problem.js';
import type { DoorRequest } from '../shell/request-context.js';
import { BLOB_STORE, TEMPLATE_VIEW } from '../tokens.js';
import type { TemplateRow, TemplateView } from '../views/index.js';
import { checked } from './checked.dto.js';
import { PushTemplateDto } from './push-template.dto.js';
import { refusalProblem } from './refusal-problems.js';

/** Our own small API for what templates are made of. */
@ApiTags('templates')
@Controller('api/v2/templates')
export class TemplatesController {
  constructor(
    @Inject(Ask) private readonly ask: Ask,
    @Inject(TEMPLATE_VIEW) private readonly templates: TemplateView,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {}

  @Get()
  @Needs('registry_list')
  list(): Promise<readonly TemplateRow[]> {
    return this.templates.list();
  }

  /** Adds a version to a template, or makes the template. The very same push again changes nothing. */
  @Post()
  @Needs('registry:push_vm')
  @HttpCode(201)
  @ApiBody({ type: PushTemplateDto })
  async push(
    @Body() body: unknown,
    @Req() request: DoorRequest,
    @Headers('idempotency-key') key?: string,
  ): Promise<TemplateRow> {
    const dto = checked(PushTemplateDto, body);
    await this.checkBlobs({ disk: dto.disk, kernel: dto.kernel, initrd: dto.initrd });
    const command = commandOf(dto, dto.templateId ?? (await this.idOf(dto.name)));
    const { principal, reach } = request.muster;
    reach?.check(command);
    const commandId = this.commandIdFor(principal.user, key);
    const outcome = await this.ask.command(command, { ...askedBy(request.muster), commandId });
    if (outcome.kind === 'refused') throw refusalProblem(outcome.refusal);
    const row = await this.templates.get(command.templateId);
    if (row === undefined) throw new Problem(409, 'The template is gone', 'It was deleted right after it was pushed');
    return row;
  }

  private commandIdFor(user: string, key: string | undefined): string {
    const refusal = key && checkIdempotencyKey(key);
    if (refusal) throw refusalProblem(refusal);
    return key ? keyedId(`${user}\nPOST /api/v2/templates`, key) : this.ask.idFor();
  }

  /** The template that has the name, else an id that follows from the name: pushing twice at once makes one template. */
  private async idOf(name: string): Promise<string> {
    const known = (await this.templates.list()).find((row) => row.name === name);
    return known?.id ?? derivedId(`template\n${name}`, 0);
  }

  private async checkBlobs(wanted: Readonly<Record<string, BlobRef | undefined>>): Promise<void> {
    const missing: string[] = [];
    for (const [field, blob] of Object.entries(wanted)) {
      if (blob === undefined) continue;
      const sizeBytes = await this.blobs.renew(blob.digest);
      if (sizeBytes === undefined) missing.push(blob.digest);
      else if (sizeBytes !== blob.sizeBytes)
        throw new Problem(400, 'A size does not match', `${field} has ${sizeBytes} bytes, not ${blob.sizeBytes}`);
    }
    if (missing.length === 0) return;
    const detail = `Upload first, with PUT /blobs/<digest>: ${missing.join(', ')}`;
    throw new Problem(409, 'Blobs are missing', detail, { missing });
  }
}

function commandOf(dto: PushTemplateDto, templateId: string): PushTemplateCommand {
  const blob = ({ digest, sizeBytes }: BlobRef): BlobRef => ({ digest, sizeBytes });
  return {
    type: 'PushTemplate',
    templateId,
    name: dto.name,
    arch: dto.arch,
    tag: dto.tag,
    description: dto.description ?? '',
    disk: blob(dto.disk),
    ...(dto.kernel && { kernel: blob(dto.kernel) }),
    ...(dto.initrd && { initrd: blob(dto.initrd) }),
    ...(dto.cmdline !== undefined && { cmdline: dto.cmdline }),
    cpu: dto.cpu,
    memoryMiB: dto.memoryMiB,
    forwards: (dto.forwards ?? []).map(({ name, guestPort, hostPort }) => ({
      name,
      guestPort,
      ...(hostPort !== undefined && { hostPort }),
    })),
  };
}
