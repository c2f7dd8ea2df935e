import { Controller, Inject, Req } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { UpdateGroupCommand } from '#domain';
import { derivedId } from '../../commands/command-id.js';
import type { DoorRequest } from '../../shell/request-context.js';
import { GROUP_VIEW } from '../../tokens.js';
import type { GroupRow, GroupView } from '../../views/index.js';
import { Asking } from './asking.js';
import { checked } from './dto/checked.dto.js';
import { CreateGroupDto, GroupDto, MembershipDto, UpdateGroupDto } from './dto/group.dto.js';
import { done, ok } from './envelope.js';
import { BadInput, found } from './failure.js';
import { groupIdOf, groupIdsOf } from './groups-by-name.js';
import { requiredId } from './parameters.js';
import { Route } from './routes.controller.js';
import { groupOf } from './translate/group.js';

@ApiTags('groups')
@Controller('api/v1')
export class GroupController {
  constructor(
    private readonly asking: Asking,
    @Inject(GROUP_VIEW) private readonly groups: GroupView,
  ) {}

  @Route('GET group', 'All groups, the oldest first', { needs: 'get_groups', list: GroupDto })
  async read(): Promise<Uint8Array> {
    return ok((await this.groups.list()).map(groupOf));
  }

  @Route('POST group', 'Make a group, without nodes', { needs: 'create_group', object: GroupDto })
  @ApiBody({ type: CreateGroupDto })
  async create(@Req() request: DoorRequest): Promise<Uint8Array> {
    const { name, description = '', fallback_group_id } = checked(CreateGroupDto, request.body);
    const fallback = fallback_group_id === undefined ? undefined : await this.named(fallback_group_id);
    const commandId = this.asking.commandIdFor(request);
    const groupId = derivedId(commandId, 0);
    const fallbackGroup = fallback && { fallbackGroupId: fallback.id };
    const command = { type: 'CreateGroup', groupId, name, description, ...fallbackGroup } as const;
    await this.asking.command(request, command, 'change', commandId);
    // As it was made: somebody else may have changed or deleted it meanwhile.
    return ok({ id: groupId, name, description, fallback_group_id: fallback?.id ?? null } satisfies GroupDto);
  }

  @Route('PUT group', 'Change name, description or fallback of a group', { needs: 'update_group' })
  @ApiQuery({ name: 'id' })
  @ApiBody({ type: UpdateGroupDto })
  async update(@Req() request: DoorRequest): Promise<Uint8Array> {
    const groupId = requiredId(request, 'id');
    const { name, description, fallback_group_id } = checked(UpdateGroupDto, request.body);
    await this.mustExist(groupId);
    const fallback = fallback_group_id === undefined ? undefined : await this.named(fallback_group_id);
    const command: UpdateGroupCommand = {
      ...{ type: 'UpdateGroup', groupId },
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(fallback !== undefined && { fallbackGroupId: fallback.id }),
      ...(clearsFallback(request.body) && { fallbackGroupId: null }),
    };
    await this.asking.command(request, command);
    return done();
  }

  @Route('DELETE group', 'Take a group away; its nodes stay', { needs: 'delete_group' })
  @ApiQuery({ name: 'id' })
  async delete(@Req() request: DoorRequest): Promise<Uint8Array> {
    const groupId = requiredId(request, 'id');
    await this.asking.command(request, { type: 'DeleteGroup', groupId });
    return done();
  }

  @Route('POST node/group', 'Put each of the nodes into each of the groups', { needs: 'add_node_to_group' })
  @ApiBody({ type: MembershipDto })
  join(@Req() request: DoorRequest): Promise<Uint8Array> {
    return this.changeMembership(request, 'AddNodesToGroups');
  }

  @Route('DELETE node/group', 'Take each of the nodes out of each of the groups', { needs: 'remove_group_from_node' })
  @ApiBody({ type: MembershipDto })
  leave(@Req() request: DoorRequest): Promise<Uint8Array> {
    return this.changeMembership(request, 'RemoveNodesFromGroups');
  }

  private async changeMembership(
    request: DoorRequest,
    type: 'AddNodesToGroups' | 'RemoveNodesFromGroups',
  ): Promise<Uint8Array> {
    const dto = checked(MembershipDto, request.body);
    const groupIds = await groupIdsOf(this.groups, dto.group_ids);
    await this.asking.command(request, { type, groupIds, nodeIds: dto.node_ids });
    return done();
  }

  private async mustExist(groupId: string): Promise<void> {
    found(await this.groups.get(groupId));
  }

  /** The group that the body names beside the one that the request is about. */
  private async named(text: string): Promise<GroupRow> {
    const row = await this.groups.get(await groupIdOf(this.groups, text));
    if (row === undefined) throw new BadInput('fallback_group_id must be the id or name of a group');
    return row;
  }
}

/** A client that shows a group and sends it back changed sends null where there is nothing. */
function clearsFallback(body: unknown): boolean {
  const { fallback_group_id: sent } = (body ?? {}) as { fallback_group_id?: unknown };
  return sent === null || sent === '';
}
