import { createHash } from 'node:crypto';
import type { Arch, Command } from '#domain';
import type { Random } from '../random.js';

export type PushTemplate = Extract<Command, { type: 'PushTemplate' }>;

const GB = 1_000_000_000;
const SIZES = [
  { cpu: 2, memoryMiB: 4096 },
  { cpu: 4, memoryMiB: 8192 },
  { cpu: 4, memoryMiB: 8192 },
  { cpu: 8, memoryMiB: 16_384 },
] as const;

/** So many templates for one architecture, with images of 6–40 GB. Named by rank: the first is the most popular. */
export function makeTemplates(random: Random, arch: Arch, count: number): PushTemplate[] {
  return Array.from({ length: count }, (_, index) => {
    const size = random.pick(SIZES) ?? SIZES[0];
    return version(
      { templateId: `${arch}-${String(index + 1).padStart(2, '0')}`, arch, ...size },
      'v1',
      random.between(6, 40) * GB,
    );
  });
}

/** The template's next version, of about the same size. */
export function nextVersion(of: PushTemplate, tag: string, random: Random): PushTemplate {
  return version(of, tag, Math.round(of.disk.sizeBytes * (0.95 + random.next() / 10)));
}

function version(
  of: Pick<PushTemplate, 'templateId' | 'arch' | 'cpu' | 'memoryMiB'>,
  tag: string,
  sizeBytes: number,
): PushTemplate {
  const { templateId, arch, cpu, memoryMiB } = of;
  const digest = createHash('sha256').update(`${templateId} ${tag} ${sizeBytes}`).digest('hex');
  return {
    type: 'PushTemplate',
    templateId,
    name: templateId,
    arch,
    tag,
    description: '',
    disk: { digest: `sha256:${digest}`, sizeBytes },
    cpu,
    memoryMiB,
    forwards: [{ name: 'ssh', guestPort: 22 }],
  };
}
