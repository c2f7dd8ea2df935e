import type { Arch, RecordedEvent, TemplateEvent } from '#domain';
import type { TemplateRow } from '../views/index.js';

/** Folds one event about a template into its row; undefined when there is no row (any more). Total, like every fold. */
export function foldTemplate(
  row: TemplateRow | undefined,
  recorded: RecordedEvent,
  event: TemplateEvent,
): TemplateRow | undefined {
  const { sequence, time: updatedAt } = recorded;
  if (row !== undefined && sequence <= row.sequence) return row;
  if (event.type === 'DeleteRegistryVm') return undefined;
  // What nodes have in their caches is told in their own rows.
  if (event.type === 'RemoveTemplateFromNodes') return row;
  if (event.type === 'TemplateReverted') return row && reverted({ ...row, sequence, updatedAt }, event.fromVersion);
  if (event.type === 'SetTemplateArch') return row && ofArch({ ...row, sequence, updatedAt }, event.arch);
  const { templateId: id, name, arch, version } = event;
  if (row === undefined) return { id, sequence, name, arch, versions: [version], createdAt: updatedAt, updatedAt };
  return { ...row, sequence, name, versions: [...row.versions, version], updatedAt };
}

/** With its last version the template goes. */
function reverted(row: TemplateRow, fromVersion: number): TemplateRow | undefined {
  const versions = row.versions.filter(({ number }) => number < fromVersion);
  return versions.length === 0 ? undefined : { ...row, versions };
}

function ofArch(row: TemplateRow, arch: Arch): TemplateRow {
  return { ...row, arch, versions: row.versions.map((version) => ({ ...version, image: { ...version.image, arch } })) };
}
