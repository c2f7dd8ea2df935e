import type { Command } from '#domain';

/** The first version of a template, of so many bytes. `fill`: the hexadecimal digit that its digest consists of. */
export function pushTemplate(templateId: string, sizeBytes: number, fill = '0'): Command {
  return {
    type: 'PushTemplate',
    templateId,
    name: templateId,
    arch: 'amd64',
    tag: 'v1',
    description: '',
    cpu: 1,
    memoryMiB: 512,
    forwards: [{ name: 'ssh', guestPort: 22 }],
    disk: { digest: `sha256:${fill.repeat(64)}`, sizeBytes },
  };
}
