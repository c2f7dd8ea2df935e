import { isId, templateId } from '../ids.js';
import { MAX_MEMORY_MIB, MAX_NAME_LENGTH, MAX_VCPU, MIN_MEMORY_MIB } from '../limits.js';
import { notOneOf, outOfRange, type Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { ForwardRule } from '../vm/vm.js';
import { checkForwards, tooLong } from '../vm/request-rules.js';
import { ARCHITECTURES } from '../node/node.js';
import { blobsOf, isBlob, type Template, type TemplateImage, type TemplateVersion } from './template.js';
import type { PushTemplateCommand } from './template-events.js';
import { refuseTag } from './template-rules.js';

/** Adds a version to a template, or makes the template with its first version. The very same push again changes nothing. */
export function pushTemplate(turn: Turn, command: PushTemplateCommand): Refusal | undefined {
  if (turn.resumed) return undefined;
  const template = turn.cluster.templates.get(command.templateId as Template['id']);
  const image = imageOf(command, template?.versions.length ?? 0);
  const refusal = refuseShape(command, image);
  if (refusal !== undefined) return refusal;
  const existing = template?.versions.find((version) => version.tag === command.tag);
  if (existing !== undefined) {
    if (samePush(existing, image, command)) return undefined;
    return { code: 'TAG_EXISTS', templateId: command.templateId, tag: command.tag };
  }
  if (template !== undefined && template.arch !== command.arch) {
    return {
      code: 'INVALID',
      field: 'arch',
      message: `is ${command.arch}: must be ${template.arch} as in the earlier versions`,
    };
  }
  const { cpu, memoryMiB, forwards, tag, description } = command;
  turn.emit({
    type: 'PushTemplate',
    templateId: templateId(command.templateId),
    name: command.name,
    arch: command.arch,
    version: { number: image.version, tag, description, image, cpu, memoryMiB, forwards, pushedAt: turn.time },
  });
  return undefined;
}

function refuseShape(command: PushTemplateCommand, image: TemplateImage): Refusal | undefined {
  if (!isId(command.templateId)) return { code: 'INVALID', field: 'templateId', message: 'is not a valid id' };
  if (command.name === '') return { code: 'INVALID', field: 'name', message: 'must not be empty' };
  const badTag = refuseTag(command.tag);
  if (badTag !== undefined) return badTag;
  if (!blobsOf(image).every(isBlob))
    return { code: 'INVALID', field: 'blob', message: 'must have a sha256 digest and a size above 0' };
  return (
    tooLong('name', command.name, MAX_NAME_LENGTH) ??
    tooLong('description', command.description, MAX_NAME_LENGTH) ??
    tooLong('cmdline', command.cmdline, MAX_NAME_LENGTH) ??
    notOneOf('arch', command.arch, ARCHITECTURES) ??
    outOfRange('cpu', command.cpu, 1, MAX_VCPU) ??
    outOfRange('memoryMiB', command.memoryMiB, MIN_MEMORY_MIB, MAX_MEMORY_MIB) ??
    checkForwards(command.forwards)
  );
}

function imageOf(command: PushTemplateCommand, version: number): TemplateImage {
  return {
    templateId: command.templateId,
    templateName: command.name,
    tag: command.tag,
    version,
    arch: command.arch,
    disk: command.disk,
    ...(command.kernel && { kernel: command.kernel }),
    ...(command.initrd && { initrd: command.initrd }),
    ...(command.cmdline !== undefined && { cmdline: command.cmdline }),
  };
}

/** Name and description are words about the version, not the version. */
function samePush(existing: TemplateVersion, image: TemplateImage, command: PushTemplateCommand): boolean {
  return (
    digestsOf(existing.image) === digestsOf(image) &&
    existing.image.arch === image.arch &&
    existing.image.cmdline === image.cmdline &&
    existing.cpu === command.cpu &&
    existing.memoryMiB === command.memoryMiB &&
    forwardsOf(existing.forwards) === forwardsOf(command.forwards)
  );
}

const forwardsOf = (forwards: readonly ForwardRule[]): string =>
  JSON.stringify(forwards.map(({ name, guestPort, hostPort }) => [name, guestPort, hostPort]));

const digestsOf = ({ kernel, initrd, disk }: TemplateImage): string =>
  [kernel?.digest, initrd?.digest, disk.digest].join();
