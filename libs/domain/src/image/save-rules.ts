import type { Cluster } from '../cluster.js';
import { isId } from '../ids.js';
import { MAX_DESCRIPTION_LENGTH, MAX_IMAGE_LAYERS, MAX_NAME_LENGTH, MAX_SCRIPT_TIMEOUT_MS } from '../limits.js';
import { outOfRange, type Refusal } from '../refusal.js';
import { isBlob, type Template } from '../template/template.js';
import { refuseTag } from '../template/template-rules.js';
import { tooLong } from '../vm/request-rules.js';
import type { Vm } from '../vm/vm.js';
import type { ImageCommand, SaveTarget, SaveTerms } from './image-events.js';
import { keptTags, tagsAhead } from './tags-ahead.js';

/** Checks how the image is to be made. */
export function refuseTerms(terms: SaveTerms): Refusal | undefined {
  const { tag, description, script, scriptTimeoutMs } = terms;
  if (script !== undefined && !isBlob(script))
    return { code: 'INVALID', field: 'script', message: 'must have a sha256 digest and a size above 0' };
  return (
    refuseTag(tag) ??
    tooLong('description', description, MAX_DESCRIPTION_LENGTH) ??
    outOfRange('script_timeout', scriptTimeoutMs, 1, MAX_SCRIPT_TIMEOUT_MS)
  );
}

/** Checks that the VM's image may become the next version of what is meant. */
export function refuseTarget(cluster: Cluster, command: ImageCommand, { image }: Vm): Refusal | undefined {
  const { target, tag } = command;
  const layers = outOfRange('layers', (image.base?.length ?? 0) + 2, 1, MAX_IMAGE_LAYERS);
  if (layers !== undefined) return layers;
  if ('newTemplateId' in target) return refuseNew(cluster, target);
  const template = cluster.templates.get(target.templateId as Template['id']);
  if (template === undefined) return { code: 'TEMPLATE_UNKNOWN', templateId: target.templateId };
  if (template.arch !== image.arch) {
    const message = `is ${template.id}, which is ${template.arch}: must be ${image.arch} as the VM is`;
    return { code: 'INVALID', field: 'templateId', message };
  }
  if (!keptTags(tagsAhead(cluster, template.id), command).includes(tag)) return undefined;
  return { code: 'TAG_EXISTS', templateId: template.id, tag };
}

function refuseNew(cluster: Cluster, target: Extract<SaveTarget, { newTemplateId: string }>): Refusal | undefined {
  const { newTemplateId: id, newTemplateName: name } = target;
  const invalid = (field: string, message: string): Refusal => ({ code: 'INVALID', field, message });
  if ('templateId' in target) return invalid('target', 'must be an existing template or a new one, not both');
  if (!isId(id)) return invalid('newTemplateId', 'is not a valid id');
  if (name === '') return invalid('newTemplateName', 'must not be empty');
  const isTaken = cluster.templates.has(id as Template['id']) || tagsAhead(cluster, id as Template['id']).length > 0;
  return isTaken
    ? invalid('newTemplateId', `is ${id}: must be new`)
    : tooLong('newTemplateName', name, MAX_NAME_LENGTH);
}
