import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ACCESS_STORES, type AccessCommand, type AccessStore, type Grantee, GRANTEE_KINDS } from '#domain';
import { Needs } from '../auth/needs.controller.js';
import { PERMISSIONS, REGISTRY_PERMISSIONS } from '../auth/permission.js';
import { Ask } from '../commands/ask.js';
import { askedBy } from '../commands/asked-by.js';
import { Problem } from '../shell/problem.js';
import type { DoorRequest } from '../shell/request-context.js';
import { checked } from '../templates/checked.dto.js';
import { refusalProblem } from '../templates/refusal-problems.js';
import { ACCESS_VIEW } from '../tokens.js';
import type { AccessView, PermissionGroupRow } from '../views/index.js';
import { PermissionGroupDto, SetPermissionsDto } from './permission-group.dto.js';

/** What there is to allow at each door. */
const KNOWN: Readonly<Record<AccessStore, readonly string[]>> = {
  controller: PERMISSIONS,
  registry: REGISTRY_PERMISSIONS,
};

const STORE = { name: 'store', required: false, enum: ACCESS_STORES, description: 'Which door; the controller’s' };
const KIND = { name: 'kind', required: false, enum: GRANTEE_KINDS, description: 'Whose name it is; a group’s' };

/** Our own administration of what groups of users, and single users, may do. */
@ApiTags('permission groups')
@Controller('api/v2/permission-groups')
export class PermissionGroupsController {
  constructor(
    @Inject(Ask) private readonly ask: Ask,
    @Inject(ACCESS_VIEW) private readonly access: AccessView,
  ) {}

  @Get()
  @Needs('view_prmission_groups')
  @ApiOperation({ summary: 'All groups and users that have permissions' })
  @ApiQuery(STORE)
  @ApiOkResponse({ type: [PermissionGroupDto] })
  async list(@Query('store') store?: string): Promise<PermissionGroupDto[]> {
    return (await this.access.permissionGroups(storeOf(store))).map(shown);
  }

  @Get(':name')
  @Needs('view_prmission_groups')
  @ApiOperation({ summary: 'What one group or user may do' })
  @ApiQuery(STORE)
  @ApiQuery(KIND)
  @ApiOkResponse({ type: PermissionGroupDto })
  async read(
    @Param('name') name: string,
    @Query('kind') kind?: string,
    @Query('store') store?: string,
  ): Promise<PermissionGroupDto> {
    const row = await this.access.permissionGroup(granteeOf(name, kind), storeOf(store));
    if (row === undefined) throw refusalProblem({ code: 'PERMISSION_GROUP_UNKNOWN', name });
    return shown(row);
  }

  @Put(':name')
  @Needs('update_permission_groups')
  @ApiOperation({ summary: 'Say what a group or a user may do, and nothing else; it holds at once' })
  @ApiQuery(STORE)
  @ApiQuery(KIND)
  @ApiBody({ type: SetPermissionsDto })
  @ApiOkResponse({ type: PermissionGroupDto })
  async write(
    @Req() request: DoorRequest,
    @Body() body: unknown,
    @Param('name') name: string,
    @Query('kind') kind?: string,
    @Query('store') store?: string,
  ): Promise<PermissionGroupDto> {
    const { permissions } = checked(SetPermissionsDto, body);
    const [at, grantee] = [storeOf(store), granteeOf(name, kind)];
    mustBeKnown(permissions, at);
    await this.tell(request, { type: 'SetGroupPermissions', store: at, grantee, permissions });
    return this.read(name, grantee.kind, at);
  }

  @Delete(':name')
  @HttpCode(204)
  @Needs('delete_permission_groups')
  @ApiOperation({ summary: 'Take every permission from a group or a user' })
  @ApiQuery(STORE)
  @ApiQuery(KIND)
  async delete(
    @Req() request: DoorRequest,
    @Param('name') name: string,
    @Query('kind') kind?: string,
    @Query('store') store?: string,
  ): Promise<void> {
    const grantee = granteeOf(name, kind);
    await this.tell(request, { type: 'DeletePermissionGroup', store: storeOf(store), grantee });
  }

  private async tell({ muster }: DoorRequest, command: AccessCommand): Promise<void> {
    const outcome = await this.ask.command(command, { ...askedBy(muster), commandId: this.ask.idFor() });
    if (outcome.kind === 'refused') throw refusalProblem(outcome.refusal);
  }
}

const shown = ({ name, kind, permissions, resources }: PermissionGroupRow): PermissionGroupDto => ({
  ...{ name, kind, permissions: [...permissions] },
  resources: resources.map((resource) => ({ ...resource, permissions: [...resource.permissions] })),
});

const storeOf = (store = 'controller'): AccessStore => oneOf('store', store, ACCESS_STORES);
const granteeOf = (name: string, kind = 'group'): Grantee => ({ name, kind: oneOf('kind', kind, GRANTEE_KINDS) });

function oneOf<T extends string>(field: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined)
    throw new Problem(400, 'A parameter is not valid', `${field} must be one of ${allowed.join(', ')}`);
  return found;
}

/** A typing error must not look like a right. */
function mustBeKnown(permissions: readonly string[], store: AccessStore): void {
  const invalid = permissions.filter((name) => !KNOWN[store].includes(name));
  if (invalid.length === 0) return;
  const detail = `permissions must be among ${KNOWN[store].join(', ')}`;
  throw new Problem(400, 'There are no such permissions', detail, { invalid });
}
