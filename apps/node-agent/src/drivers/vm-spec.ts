import { MAX_IMAGE_LAYERS } from '#domain';
import { isDigest } from '../images/blob-name.js';
import { DriverError, type BlobRef, type ForwardRule, type TemplateImage, type VmSpec } from './driver.js';

export const MAX_CPU = 256;
export const MIN_MEMORY_MIB = 64;
export const MAX_MEMORY_MIB = 4 * 1024 * 1024;
export const MAX_FORWARDS = 64;
export const MAX_CMDLINE_CHARS = 1024;
export const MAX_NAME_CHARS = 255;
/** Ids become directory names, so they can neither climb nor begin with a dash or a dot. */
const VM_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const PRINTABLE = /^[\x20-\x7e]*$/;

/** Throws `INVALID_ARGUMENT` naming the first value that no driver may act upon. */
export function checkSpec(spec: VmSpec): void {
  checkVmId(spec.vmId);
  demand(Number.isSafeInteger(spec.epoch) && spec.epoch >= 0, 'epoch', spec.epoch, 'an integer from 0');
  demand(spec.name.length <= MAX_NAME_CHARS, 'name', `${spec.name.length} characters`, `at most ${MAX_NAME_CHARS}`);
  demand(isWithin(spec.cpu, 1, MAX_CPU), 'cpu', spec.cpu, `1–${MAX_CPU}`);
  const memory = `${MIN_MEMORY_MIB}–${MAX_MEMORY_MIB}`;
  demand(isWithin(spec.memoryMiB, MIN_MEMORY_MIB, MAX_MEMORY_MIB), 'memoryMiB', spec.memoryMiB, memory);
  demand(isWithin(spec.restarts, 0, Number.MAX_SAFE_INTEGER), 'restarts', spec.restarts, 'an integer from 0');
  checkImage(spec.image);
  checkForwards(spec.forwards);
}

export function checkVmId(vmId: string): void {
  demand(VM_ID.test(vmId), 'vmId', JSON.stringify(vmId).slice(0, 80), `of the form ${VM_ID.source}`);
}

export function checkImage(image: TemplateImage): void {
  for (const blob of layersOf(image)) checkBlob('disk', blob);
  for (const [what, blob] of Object.entries({ kernel: image.kernel, initrd: image.initrd })) {
    if (blob) checkBlob(what, blob);
  }
  demand(
    layersOf(image).length <= MAX_IMAGE_LAYERS,
    'disk',
    `${layersOf(image).length} layers`,
    `at most ${MAX_IMAGE_LAYERS}`,
  );
  demand(!image.initrd || Boolean(image.kernel), 'initrd', 'without kernel', 'with a kernel');
  const cmdline = image.cmdline ?? '';
  demand(
    PRINTABLE.test(cmdline) && cmdline.length <= MAX_CMDLINE_CHARS,
    'cmdline',
    `${cmdline.length} characters`,
    `at most ${MAX_CMDLINE_CHARS}, printable ASCII`,
  );
}

/** The disk of the image, from its lowest layer up. */
export function layersOf({ base = [], disk }: TemplateImage): BlobRef[] {
  return [...base, disk];
}

/** All blobs of the image, each once. */
export function blobsOf(image: TemplateImage): BlobRef[] {
  const blobs = [...layersOf(image), image.kernel, image.initrd].filter((blob) => blob !== undefined);
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}

function checkBlob(what: string, blob: BlobRef): void {
  demand(
    isDigest(blob.digest),
    `${what}.digest`,
    JSON.stringify(blob.digest).slice(0, 90),
    'sha256: and 64 hex digits',
  );
  demand(
    isWithin(blob.sizeBytes, 0, Number.MAX_SAFE_INTEGER),
    `${what}.sizeBytes`,
    blob.sizeBytes,
    'an integer from 0',
  );
}

function checkForwards(forwards: readonly ForwardRule[]): void {
  demand(forwards.length <= MAX_FORWARDS, 'forwards', forwards.length, `at most ${MAX_FORWARDS}`);
  for (const rule of forwards) {
    demand(isPort(rule.guestPort), 'guestPort', rule.guestPort, '1–65535');
    demand(rule.hostPort === undefined || isPort(rule.hostPort), 'hostPort', rule.hostPort, '1–65535');
  }
  const fixed = forwards.flatMap((rule) => rule.hostPort ?? []);
  demand(new Set(fixed).size === fixed.length, 'forwards', 'two with one hostPort', 'different host ports');
}

const isWithin = (value: number, low: number, high: number): boolean =>
  Number.isSafeInteger(value) && value >= low && value <= high;
const isPort = (value: number): boolean => isWithin(value, 1, 65535);

function demand(holds: boolean, what: string, value: unknown, must: string): void {
  if (!holds)
    throw new DriverError('INVALID_ARGUMENT', `VM spec: ${what} is ${String(value)}, must be ${must}.`, false);
}
