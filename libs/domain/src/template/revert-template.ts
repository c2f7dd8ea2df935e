import { abortDistribution } from '../distribution/end-rows.js';
import { TEMPLATE_DELETED } from '../image/save.js';
import type { TemplateId } from '../ids.js';
import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import { findVersion, type Template, type TemplateImage, type TemplateVersion } from './template.js';
import type { RevertTemplateCommand } from './template-events.js';
import { refuseVersion } from './template-rules.js';

/**
 * Takes the version that is meant, and all that are newer, off a template: the tag, the number, or the latest. With its last version
 * the template itself goes.
 */
export function revertTemplate(turn: Turn, command: RevertTemplateCommand): Refusal | undefined {
  if (!turn.resumed) {
    const template = turn.cluster.templates.get(command.templateId as Template['id']);
    const version = template && findVersion(template, command.tag, command.version);
    const refusal = refuseVersion(command, template, version);
    if (refusal !== undefined) return refusal;
    if (template !== undefined && version !== undefined) revert(turn, template, version);
  }
  endOrphans(turn, command.templateId as TemplateId);
  return undefined;
}

export function revert(turn: Turn, { id }: Template, { number }: TemplateVersion): void {
  turn.emit({ type: 'TemplateReverted', templateId: id, fromVersion: number });
}

/** VMs that wait for a version of the template that is gone fail; those that have a node keep what they have. Distributions of it end. */
export function endOrphans(turn: Turn, templateId: TemplateId): void {
  const { cluster } = turn;
  const isGone = (image: TemplateImage): boolean => image.templateId === templateId && !isThere(turn, image);
  for (const vmId of [...cluster.pending]) {
    const vm = cluster.vms.get(vmId);
    if (vm !== undefined && isGone(vm.image)) turn.emit({ type: 'VMFailedToStart', vmId, message: TEMPLATE_DELETED });
  }
  for (const distribution of cluster.distributions.values())
    if (isGone(distribution.image)) abortDistribution(turn, distribution, TEMPLATE_DELETED);
}

/** A number and a tag may come again after a revert, with other files. */
function isThere({ cluster }: Turn, { templateId, version, disk }: TemplateImage): boolean {
  const template = cluster.templates.get(templateId as TemplateId);
  const found = template && findVersion(template, undefined, version);
  return found?.image.disk.digest === disk.digest;
}
