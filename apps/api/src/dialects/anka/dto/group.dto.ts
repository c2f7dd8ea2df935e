import { ApiProperty } from '@nestjs/swagger';
import { MAX_DESCRIPTION_LENGTH, MAX_GROUPS, MAX_NAME_LENGTH } from '#domain';
import { OptionalText, RequiredText, RequiredTexts } from './lenient.dto.js';

/** A named part of the fleet. */
export class GroupDto {
  id: string;
  name: string;
  /** Always a text: some clients lose the whole list over a null. */
  description: string;

  /** The group that takes its instances when it has no room. */
  @ApiProperty({ type: 'string', nullable: true })
  fallback_group_id: string | null;
}

/** Body of POST /api/v1/group. */
export class CreateGroupDto {
  @RequiredText({ maxLength: MAX_NAME_LENGTH })
  name: string;

  @OptionalText({ maxLength: MAX_DESCRIPTION_LENGTH })
  description?: string;

  /** Id or name of a group. */
  @OptionalText()
  fallback_group_id?: string;
}

/** Body of PUT /api/v1/group. What is absent stays as it is. */
export class UpdateGroupDto {
  @OptionalText({ maxLength: MAX_NAME_LENGTH })
  name?: string;

  @OptionalText({ maxLength: MAX_DESCRIPTION_LENGTH })
  description?: string;

  /** Id or name of a group; null or an empty text: none. */
  @OptionalText()
  fallback_group_id?: string;
}

/** Nodes that one body may name: with their groups they stay within what a body may hold. */
const MAX_NODE_IDS = 9_000;

/** Body of POST and DELETE /api/v1/node/group. */
export class MembershipDto {
  /** Ids or names of groups. */
  @RequiredTexts(MAX_GROUPS)
  group_ids: string[];

  @RequiredTexts(MAX_NODE_IDS)
  node_ids: string[];
}
