import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Nobody runs these: a simulated node takes any files for an image. */
const CONTENT = 'A file of a template for the simulated driver of Muster. Nothing can be booted from it.\n';
const FILES = { kernel: 'vmlinuz', initrd: 'initrd.gz', disk: 'root.qcow2' } as const;

/**
 * A template for a node that only pretends to run VMs, of the same form as the one that is built for QEMU, in no time and
 * without anything from the network. Its name says what it is.
 */
export function pretendedTemplate(dir: string): unknown {
  mkdirSync(dir, { recursive: true });
  const file = (name: string): object => {
    const bytes = Buffer.from(`${name}: ${CONTENT}`);
    writeFileSync(join(dir, name), bytes);
    return {
      file: name,
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      sizeBytes: bytes.length,
    };
  };
  return {
    name: 'simulated-demo',
    arch: process.arch === 'arm64' ? 'arm64' : 'amd64',
    cpu: 1,
    memoryMiB: 128,
    cmdline: '',
    forwards: [{ name: 'ssh', guestPort: 22 }],
    files: { kernel: file(FILES.kernel), initrd: file(FILES.initrd), disk: file(FILES.disk) },
    builder: 'pretended-1',
  };
}
