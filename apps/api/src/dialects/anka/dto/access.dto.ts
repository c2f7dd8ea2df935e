import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsArray, ValidateNested } from 'class-validator';
import {
  MAX_API_KEY_LIFE_MS,
  MAX_GRANTEE_NAME_LENGTH,
  MAX_GROUPS_PER_API_KEY,
  MAX_PERMISSIONS_PER_RESOURCE,
  MAX_RESOURCES_PER_GRANTEE,
} from '#domain';
import { textsFrom } from './lenient.js';
import {
  OptionalInteger,
  OptionalText,
  OptionalTexts,
  RequiredInteger,
  RequiredText,
  RequiredTexts,
} from './lenient.dto.js';

const MAX_TTL_S = MAX_API_KEY_LIFE_MS / 1000;

/** A list, or its items in one text with commas between them. */
const Listed = (): PropertyDecorator => Transform(({ value }) => textsFrom(value));

/** A user API key. */
export class ApiKeyDto {
  id: string;
  groups: string[];
  /** RFC 3339. */
  expiration: string;
  /** RFC 3339. */
  created: string;
}

/** Query or body of POST /api/v1/apikey. */
export class CreateApiKeyDto {
  @RequiredText({ maxLength: MAX_GRANTEE_NAME_LENGTH })
  id: string;

  /** Seconds. */
  @RequiredInteger(1, MAX_TTL_S)
  ttl: number;

  @Listed()
  @RequiredTexts(MAX_GROUPS_PER_API_KEY)
  groups: string[];

  /** PKIX DER in base64; absent: the answer is a new private key. */
  @OptionalText()
  publicKey?: string;
}

/** Query or body of PUT /api/v1/apikey. What is absent stays as it is. */
export class UpdateApiKeyDto {
  @RequiredText({ maxLength: MAX_GRANTEE_NAME_LENGTH })
  id: string;

  @Listed()
  @OptionalTexts(MAX_GROUPS_PER_API_KEY)
  groups?: string[];

  /** Seconds from now. */
  @OptionalInteger(1, MAX_TTL_S)
  ttl?: number;
}

/** What a group may do with one node or template. */
export class ResourceDto {
  @RequiredText()
  id: string;

  @OptionalText({ values: ['id'] })
  id_type?: 'id';

  @RequiredText()
  type: 'node' | 'template';

  @OptionalTexts(MAX_PERMISSIONS_PER_RESOURCE)
  permissions?: string[];
}

/** Body of POST …/group/{groupName}/resources, which is the list itself. */
export class ResourcesDto {
  @IsArray({ message: 'the request body must be an array' })
  @ValidateNested({ each: true, message: 'each resource must be an object' })
  @Type(() => ResourceDto)
  @ApiProperty({ type: [ResourceDto], maxItems: MAX_RESOURCES_PER_GRANTEE })
  resources: ResourceDto[];
}

export class ResourcePermissionDto {
  label: string;
  description: string;
}

/** What there is to allow on a resource of a type. */
@ApiExtraModels(ResourcePermissionDto)
export class ResourceTypeDto {
  resource_type: string;

  @ApiProperty({ type: 'object', additionalProperties: { $ref: '#/components/schemas/ResourcePermissionDto' } })
  permissions: Record<string, ResourcePermissionDto>;
}
