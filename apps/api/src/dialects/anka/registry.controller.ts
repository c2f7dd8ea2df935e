import { Controller, Inject, Req } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { BlobStore } from '../../blobs/blob-store.js';
import type { DoorRequest } from '../../shell/request-context.js';
import { BLOB_STORE, TEMPLATE_VIEW } from '../../tokens.js';
import type { TemplateView } from '../../views/index.js';
import { Asking } from './asking.js';
import { DiskDto, TemplateDto, VersionedTemplateDto } from './dto/template.dto.js';
import { done, ok } from './envelope.js';
import { found } from './failure.js';
import { queried, requiredId } from './parameters.js';
import { Route } from './routes.controller.js';
import { namedTemplateOf, templateOf, versionedTemplateOf } from './translate/template.js';

@ApiTags('registry')
@Controller('api/v1')
export class RegistryController {
  constructor(
    private readonly asking: Asking,
    @Inject(TEMPLATE_VIEW) private readonly templates: TemplateView,
    @Inject(BLOB_STORE) private readonly blobs: Pick<BlobStore, 'room'>,
  ) {}

  @Route('GET registry/vm', 'All templates, or the one with the id and its versions', {
    needs: 'registry_list',
    object: VersionedTemplateDto,
    list: TemplateDto,
  })
  @ApiQuery({ name: 'id', required: false })
  @ApiQuery({ name: 'apiVer', required: false, description: 'v1: ids and names only' })
  async read(@Req() request: DoorRequest): Promise<Uint8Array> {
    const id = queried(request, 'id');
    if (id !== undefined) return this.one(id);
    const rows = await this.templates.list();
    const short = queried(request, 'apiVer') === 'v1';
    return ok(rows.map((row) => (short ? namedTemplateOf(row) : templateOf(row))));
  }

  @Route('DELETE registry/vm', 'Take a template with all its versions out of the registry', {
    needs: 'registry_delete',
  })
  @ApiQuery({ name: 'id' })
  async delete(@Req() request: DoorRequest): Promise<Uint8Array> {
    await this.asking.command(request, { type: 'DeleteRegistryVm', templateId: requiredId(request, 'id') });
    return done();
  }

  @Route('GET registry/disk', 'Room for templates, in bytes', {
    needs: 'get_registry_disk_info',
    object: DiskDto,
  })
  async disk(): Promise<Uint8Array> {
    const { freeBytes, totalBytes } = await this.blobs.room();
    return ok({ free: freeBytes, total: totalBytes } satisfies DiskDto);
  }

  private async one(id: string): Promise<Uint8Array> {
    return ok(versionedTemplateOf(found(await this.templates.get(id))));
  }
}
