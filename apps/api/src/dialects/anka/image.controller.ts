import { Controller, Inject, Req } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { BlobStore } from '../../blobs/blob-store.js';
import { derivedId } from '../../commands/command-id.js';
import type { DoorRequest } from '../../shell/request-context.js';
import { BLOB_STORE, IMAGE_VIEW } from '../../tokens.js';
import type { ImageView } from '../../views/index.js';
import { Asking } from './asking.js';
import { checked } from './dto/checked.dto.js';
import { ImageDto, ImageRequestDto, RevertDto, SaveImageDto } from './dto/image.dto.js';
import { doneWithNull, ok } from './envelope.js';
import { found } from './failure.js';
import { queried, requiredId } from './parameters.js';
import { RegistryState } from './registry-state.js';
import { Route } from './routes.controller.js';
import { imageOf, targetOf, toRevert, toSaveImage } from './translate/image.js';
import { savedScriptBytes } from './translate/script.js';

/** Instances that become templates, and versions that are taken back. */
@ApiTags('images')
@Controller('api/v1')
export class ImageController {
  constructor(
    private readonly asking: Asking,
    private readonly registry: RegistryState,
    @Inject(IMAGE_VIEW) private readonly images: ImageView,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {}

  /** Ends the instance if it succeeds: who may do that may save. */
  @Route('POST image', 'Save an instance as a new tag of a template, or as a new template', {
    needs: 'terminate_vm',
    object: ImageRequestDto,
  })
  @ApiBody({ type: SaveImageDto })
  async save(@Req() request: DoorRequest): Promise<Uint8Array> {
    const dto = checked(SaveImageDto, request.body);
    const script = savedScriptBytes(dto.script);
    const commandId = this.asking.commandIdFor(request);
    const [requestId, newId] = [derivedId(commandId, 0), derivedId(commandId, 1)];
    const target = targetOf(dto, newId);
    const stored = script && (await this.blobs.put(script));
    await this.asking.command(request, toSaveImage(dto, requestId, target, stored), 'start', commandId);
    return ok({ request_id: requestId } satisfies ImageRequestDto);
  }

  @Route('GET image', 'All requests to save instances, or the one with the id', {
    needs: 'list_vms',
    object: ImageDto,
    list: ImageDto,
  })
  @ApiQuery({ name: 'id', required: false })
  async read(@Req() request: DoorRequest): Promise<Uint8Array> {
    const id = queried(request, 'id');
    const registry = this.registry.addressFor(request);
    if (id === undefined) return ok((await this.images.list()).map((row) => imageOf(row, registry)));
    return ok(imageOf(found(await this.images.get(id)), registry));
  }

  @Route('DELETE registry/revert', 'Take a version, and all newer ones, off a template; the latest if none is named', {
    needs: 'registry_delete',
  })
  @ApiQuery({ name: 'id' })
  @ApiQuery({ name: 'tag', required: false })
  @ApiQuery({ name: 'version', required: false })
  @ApiBody({ type: RevertDto, required: false })
  async revert(@Req() request: DoorRequest): Promise<Uint8Array> {
    await this.asking.command(request, toRevert(requiredId(request, 'id'), revertTarget(request)));
    return doneWithNull();
  }
}

/** Query before body. */
export function revertTarget(request: DoorRequest): RevertDto {
  const body = checked(RevertDto, request.body);
  return { ...body, ...checked(RevertDto, request.query) };
}
