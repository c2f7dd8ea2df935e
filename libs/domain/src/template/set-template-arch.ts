import { ARCHITECTURES } from '../node/node.js';
import { notOneOf, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { Template } from './template.js';
import type { SetTemplateArchCommand } from './template-events.js';

/** Says for which hosts the template is, in all of its versions. VMs and distributions that exist keep what they were accepted with. */
export function setTemplateArch(turn: Turn, { templateId, arch }: SetTemplateArchCommand): Refusal | undefined {
  if (turn.resumed) return undefined;
  const template = turn.cluster.templates.get(templateId as Template['id']);
  const refusal = notOneOf('arch', arch, ARCHITECTURES);
  if (template === undefined) return { code: 'TEMPLATE_UNKNOWN', templateId };
  if (refusal !== undefined || template.arch === arch) return refusal;
  turn.emit({ type: 'SetTemplateArch', templateId: template.id, arch });
  return undefined;
}
