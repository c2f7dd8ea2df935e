import { blobsOf, type TemplateVersion } from '#domain';
import type { TemplateRow } from '../../../views/index.js';
import type { NamedTemplateDto, TemplateDto, TemplateVersionDto, VersionedTemplateDto } from '../dto/template.dto.js';

/** No node tells when it last pulled a version. */
const NOT_KNOWN = 0;

export const namedTemplateOf = ({ id, name }: TemplateRow): NamedTemplateDto => ({ id, name });

/** A template without its versions (anka.md §3.6). */
export function templateOf(row: TemplateRow): TemplateDto {
  return {
    id: row.id,
    name: row.name,
    size: bytesOf(row.versions),
    arch: row.arch,
    last_pull: NOT_KNOWN,
    last_push: Math.max(0, ...row.versions.map(({ pushedAt }) => secondsOf(pushedAt))),
  };
}

export function versionedTemplateOf(row: TemplateRow): VersionedTemplateDto {
  return { ...templateOf(row), versions: row.versions.map((version) => versionOf(row.id, version)) };
}

/** Bytes of the files of these versions; a file that several share counts once. */
export function bytesOf(versions: readonly TemplateVersion[]): number {
  const sizes = new Map(
    versions.flatMap(({ image }) => blobsOf(image)).map(({ digest, sizeBytes }) => [digest, sizeBytes]),
  );
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function versionOf(id: string, version: TemplateVersion): TemplateVersionDto {
  const pushedAt = secondsOf(version.pushedAt);
  return {
    number: version.number,
    tag: version.tag,
    description: version.description,
    config_file: `${id}.yaml`,
    nvram: '',
    images: [...(version.image.base ?? []), version.image.disk].map(({ digest }) => digest),
    state_files: [],
    state_file: '',
    size: bytesOf([version]),
    arch: '',
    last_pull: NOT_KNOWN,
    last_push: pushedAt,
    creation_date: pushedAt,
  };
}

const secondsOf = (unixMs: number): number => Math.floor(unixMs / 1000);
