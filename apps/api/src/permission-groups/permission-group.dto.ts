import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString } from 'class-validator';
import { MAX_PERMISSIONS_PER_GRANTEE } from '#domain';

/** What a group of users, or one user, may do from now on. */
export class SetPermissionsDto {
  /** Names of permissions. */
  @IsArray()
  @ArrayMaxSize(MAX_PERMISSIONS_PER_GRANTEE)
  @IsString({ each: true })
  permissions: string[];
}

export class GrantedResourceDto {
  id: string;
  @ApiProperty({ enum: ['node', 'template'] })
  type: 'node' | 'template';
  permissions: string[];
}

export class PermissionGroupDto {
  /** Of the group, or of the user. */
  name: string;
  @ApiProperty({ enum: ['group', 'user'] })
  kind: 'group' | 'user';
  permissions: string[];
  /** What else it may do, with single nodes and templates. */
  resources: GrantedResourceDto[];
}
