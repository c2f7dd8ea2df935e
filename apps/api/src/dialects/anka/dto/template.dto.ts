import { ApiProperty } from '@nestjs/swagger';

const integer = { type: 'integer', minimum: 0 } as const;

/** A template by its names only (`apiVer=v1`). */
export class NamedTemplateDto {
  id: string;
  name: string;
}

/** A template. Times are unix seconds. */
export class TemplateDto extends NamedTemplateDto {
  /** Bytes of all versions; files that they share count once. */
  @ApiProperty(integer)
  size: number;

  @ApiProperty({ enum: ['amd64', 'arm64'] })
  arch: 'amd64' | 'arm64';

  /** 0: never, or not known. */
  @ApiProperty(integer)
  last_pull: number;

  @ApiProperty(integer)
  last_push: number;
}

/** One pushed state of a template. Times are unix seconds. */
export class TemplateVersionDto {
  /** From 0; the latest is the highest. */
  @ApiProperty(integer)
  number: number;

  tag: string;
  description: string;
  config_file: string;
  nvram: string;

  /** Digests of its disk files. */
  images: string[];

  state_files: string[];

  /** Empty: the template starts by booting. */
  state_file: string;

  /** Bytes. */
  @ApiProperty(integer)
  size: number;

  arch: string;

  @ApiProperty(integer)
  last_pull: number;

  @ApiProperty(integer)
  last_push: number;

  @ApiProperty(integer)
  creation_date: number;
}

/** A template with its versions. */
export class VersionedTemplateDto extends TemplateDto {
  @ApiProperty({ type: () => [TemplateVersionDto] })
  versions: TemplateVersionDto[];
}

/** The disk of the registry, in bytes. */
export class DiskDto {
  @ApiProperty(integer)
  free: number;

  @ApiProperty(integer)
  total: number;
}
