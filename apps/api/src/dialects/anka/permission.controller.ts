import { Controller, Inject, Param, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { DoorRequest } from '../../shell/request-context.js';
import { ACCESS_VIEW } from '../../tokens.js';
import type { AccessView } from '../../views/index.js';
import { Asking } from './asking.js';
import { ResourceDto, ResourcesDto, ResourceTypeDto } from './dto/access.dto.js';
import { checked } from './dto/checked.dto.js';
import { ok, saved } from './envelope.js';
import { Route } from './routes.controller.js';
import { resourceOf, resourceTypes, toResources } from './translate/access.js';

/**
 * What the groups of users may do with single nodes and templates. The vendor documents one order of the path and shows the other
 * (anka.md §1.1).
 */
@ApiTags('permissions')
@Controller(['/admin/api/v1/permission', '/admin/v1/api/permission'])
export class PermissionController {
  constructor(
    private readonly asking: Asking,
    @Inject(ACCESS_VIEW) private readonly access: AccessView,
  ) {}

  @Route('GET resources/permissions', 'What there is to allow on a node or a template', {
    needs: 'view_permissions',
    list: ResourceTypeDto,
  })
  types(): Uint8Array {
    return ok(resourceTypes());
  }

  @Route('GET group/:groupName/resources', 'What a group may do with which nodes and templates', {
    needs: 'view_prmission_groups',
    list: ResourceDto,
  })
  async read(@Param('groupName') name: string): Promise<Uint8Array> {
    const group = await this.access.permissionGroup({ kind: 'group', name });
    return ok((group?.resources ?? []).map(resourceOf));
  }

  @Route(
    'POST group/:groupName/resources',
    'Say what a group may do with which nodes and templates, and nothing else',
    {
      needs: 'update_permission_groups',
    },
  )
  @ApiBody({ type: [ResourceDto] })
  async write(@Req() request: DoorRequest, @Param('groupName') name: string): Promise<Uint8Array> {
    const resources = toResources(checked(ResourcesDto, { resources: request.body }).resources);
    await this.asking.command(request, {
      ...{ type: 'SetResourcePermissions', store: 'controller', grantee: { kind: 'group', name }, resources },
    });
    return saved();
  }
}
