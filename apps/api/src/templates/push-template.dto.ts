import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

/** A file in the blob store. */
export class BlobDto {
  @Matches(/^sha256:[0-9a-f]{64}$/, { message: '$property must be sha256: and 64 hex digits' })
  digest: string;

  @IsInt()
  @Min(1)
  sizeBytes: number;
}

export class ForwardDto {
  @IsString()
  name: string;

  @IsInt()
  @Min(1)
  @Max(65_535)
  guestPort: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(65_535)
  hostPort?: number;
}

/** A new version of a template. Its files are in the blob store already. */
export class PushTemplateDto {
  /** Absent: the template of this name, or a new one whose id follows from the name. */
  @IsOptional()
  @IsString()
  templateId?: string;

  @IsString()
  @IsNotEmpty()
  name: string;

  @IsIn(['amd64', 'arm64'])
  arch: 'amd64' | 'arm64';

  @IsString()
  tag: string;

  @IsOptional()
  @IsString()
  description?: string;

  @ValidateNested()
  @Type(() => BlobDto)
  disk: BlobDto;

  /** Direct kernel boot; without it the firmware boots the disk. */
  @IsOptional()
  @ValidateNested()
  @Type(() => BlobDto)
  kernel?: BlobDto;

  @IsOptional()
  @ValidateNested()
  @Type(() => BlobDto)
  initrd?: BlobDto;

  @IsOptional()
  @IsString()
  cmdline?: string;

  @IsInt()
  cpu: number;

  @IsInt()
  memoryMiB: number;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ForwardDto)
  forwards?: ForwardDto[];
}
