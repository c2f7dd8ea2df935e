import { Controller, Inject, Req } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiTags } from '@nestjs/swagger';
import { findVersion, type TemplateVersion } from '#domain';
import type { DoorRequest } from '../../../shell/request-context.js';
import { TEMPLATE_VIEW } from '../../../tokens.js';
import type { TemplateRow, TemplateView } from '../../../views/index.js';
import { Asking } from '../asking.js';
import { checked } from '../dto/checked.dto.js';
import { SetArchDto } from '../dto/image.dto.js';
import { TemplateDto, VersionedTemplateDto } from '../dto/template.dto.js';
import { doneWithNull, ok } from '../envelope.js';
import { BadInput, found } from '../failure.js';
import { revertTarget } from '../image.controller.js';
import { queried, requiredId } from '../parameters.js';
import { toRevert } from '../translate/image.js';
import { templateOf, versionedTemplateOf } from '../translate/template.js';
import { VmConfigurationDto } from './registry.dto.js';
import { RegistryRoute } from './registry-route.controller.js';
import { vmConfigurationOf } from './vm-configuration.js';

/** Templates, as the registry itself tells of them. */
@ApiTags('registry')
@Controller('registry')
export class RegistryTemplateController {
  constructor(
    private readonly asking: Asking,
    @Inject(TEMPLATE_VIEW) private readonly templates: TemplateView,
  ) {}

  @RegistryRoute('GET vm', 'All templates, each as {id: name}, or the one with the id and its versions', {
    needs: 'list_vms',
    object: VersionedTemplateDto,
    list: 'string',
  })
  @ApiQuery({ name: 'id', required: false })
  async readNames(@Req() request: DoorRequest): Promise<Uint8Array> {
    const id = queried(request, 'id');
    if (id !== undefined) return ok(versionedTemplateOf(await this.found(id)));
    return ok((await this.templates.list()).map((row) => ({ [row.id]: row.name })));
  }

  @RegistryRoute('GET v2/vm', 'All templates, or the one with the id and its versions', {
    needs: 'list_vms',
    object: VersionedTemplateDto,
    list: TemplateDto,
  })
  @ApiQuery({ name: 'id', required: false })
  async read(@Req() request: DoorRequest): Promise<Uint8Array> {
    const id = queried(request, 'id');
    if (id !== undefined) return ok(versionedTemplateOf(await this.found(id)));
    return ok((await this.templates.list()).map(templateOf));
  }

  @RegistryRoute('GET vm/info', 'How VMs of a version, or of the latest, are made', {
    needs: 'pull_vm',
    object: VmConfigurationDto,
  })
  @ApiQuery({ name: 'id' })
  @ApiQuery({ name: 'tag', required: false })
  @ApiQuery({ name: 'version', required: false })
  async info(@Req() request: DoorRequest): Promise<Uint8Array> {
    const row = await this.found(requiredId(request, 'id'));
    return ok(vmConfigurationOf(row, versionMeant(request, row)));
  }

  @RegistryRoute('DELETE vm', 'Take a template with all its versions out of the registry', { needs: 'delete_vm' })
  @ApiQuery({ name: 'id' })
  async delete(@Req() request: DoorRequest): Promise<Uint8Array> {
    await this.asking.command(request, { type: 'DeleteRegistryVm', templateId: requiredId(request, 'id') });
    return doneWithNull();
  }

  @RegistryRoute('DELETE revert', 'Take a version, and all newer ones, off a template; the latest if none is named', {
    needs: 'revert',
  })
  @ApiQuery({ name: 'id' })
  @ApiQuery({ name: 'tag', required: false })
  @ApiQuery({ name: 'version', required: false })
  async revert(@Req() request: DoorRequest): Promise<Uint8Array> {
    await this.asking.command(request, toRevert(requiredId(request, 'id'), revertTarget(request)));
    return doneWithNull();
  }

  @RegistryRoute('PUT vm/arch', 'Say for which hosts a template is', { needs: 'push_vm' })
  @ApiBody({ type: SetArchDto })
  async setArch(@Req() request: DoorRequest): Promise<Uint8Array> {
    const { id, arch } = checked(SetArchDto, request.body);
    await this.asking.command(request, { type: 'SetTemplateArch', templateId: id, arch });
    return doneWithNull();
  }

  private async found(id: string): Promise<TemplateRow> {
    return found(await this.templates.get(id));
  }
}

/** The version that the request means by tag or number, else the latest. Throws a failure when there is none. */
function versionMeant(request: DoorRequest, row: TemplateRow): TemplateVersion {
  const number = queried(request, 'version') ?? queried(request, 'number');
  if (number !== undefined && !/^\d{1,9}$/.test(number)) throw new BadInput('version must be a whole number');
  return found(findVersion(row, queried(request, 'tag'), number === undefined ? undefined : Number(number)));
}
