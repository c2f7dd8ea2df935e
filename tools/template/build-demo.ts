import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureHostTools } from './build-demo/host-tools.js';
import { buildInitrd, writeKernel } from './build-demo/kernel.js';
import { Apt, kernelPackages, withLibraries } from './build-demo/packages.js';
import { buildRootImage } from './build-demo/root-image.js';
import { assembleRoot, busyboxPath } from './build-demo/root-tree.js';
import { runTool } from './build-demo/run-tool.js';
import { guestFilesHash } from './build-demo/source-dir.js';

/** Raised when the builder itself makes a different image from the same packages. */
const BUILDER_VERSION = 1;
const USERLAND = ['busybox-static', 'dropbear-bin', 'qemu-guest-agent'];
const FILES = { kernel: 'vmlinuz', initrd: 'initrd.gz', disk: 'root.qcow2' } as const;

export interface TemplateFile {
  /** Name inside the template's directory. */
  file: string;
  digest: string;
  sizeBytes: number;
}

/** A small Linux guest with an SSH server (login admin/admin) and a guest agent; the content of `template.json`. */
export interface DemoTemplate {
  name: 'debian-demo';
  arch: 'amd64' | 'arm64';
  cpu: number;
  memoryMiB: number;
  /** Kernel command line, without the flags that the accelerator needs. */
  cmdline: string;
  forwards: { name: string; guestPort: number }[];
  files: Record<keyof typeof FILES, TemplateFile>;
  /** Identifies the builder and the guest's own files: another value means the template is built anew. */
  builder: string;
}

/** Builds the demo template into `outDir` from this machine's Debian packages, or returns the complete one that is there. */
export async function buildDemoTemplate(outDir: string, log: (line: string) => void): Promise<DemoTemplate> {
  const existing = readComplete(outDir);
  if (existing) return existing;
  await ensureHostTools(log);
  mkdirSync(dirname(outDir), { recursive: true });
  const work = mkdtempSync(`${outDir}.building-`);
  try {
    const result = join(work, 'result');
    const template = await build(work, result, log);
    rmSync(outDir, { recursive: true, force: true });
    renameSync(result, outDir);
    return template;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function build(work: string, result: string, log: (line: string) => void): Promise<DemoTemplate> {
  mkdirSync(result);
  const [kernelTree, userland, root] = ['kernel', 'userland', 'root'].map((name) => join(work, name)) as [
    string,
    string,
    string,
  ];
  const arch = debianArch(await runTool('dpkg', ['--print-architecture']));
  const apt = new Apt(work);
  await apt.know('dropbear-bin', log);
  const kernel = await kernelPackages(apt, arch);
  log(`downloading ${kernel.join(', ')} and ${USERLAND.join(', ')}`);
  await apt.unpack(kernel, kernelTree);
  await apt.unpack(await withLibraries(apt, USERLAND), userland);
  log('making kernel, initramfs and root disk');
  writeKernel(kernelTree, join(result, FILES.kernel));
  writeFileSync(join(result, FILES.initrd), await buildInitrd(kernelTree, readFileSync(busyboxPath(userland))));
  await assembleRoot(userland, root);
  await buildRootImage(root, join(result, FILES.disk));
  const template = describe(result, arch);
  writeFileSync(join(result, 'template.json'), `${JSON.stringify(template, undefined, 2)}\n`);
  return template;
}

function describe(dir: string, arch: DemoTemplate['arch']): DemoTemplate {
  const serial = arch === 'amd64' ? 'ttyS0' : 'ttyAMA0';
  const file = (name: string): TemplateFile => ({ file: name, ...measure(join(dir, name)) });
  return {
    name: 'debian-demo',
    arch,
    cpu: 1,
    memoryMiB: 128,
    cmdline: `console=${serial} root=/dev/vda quiet`,
    forwards: [{ name: 'ssh', guestPort: 22 }],
    files: { kernel: file(FILES.kernel), initrd: file(FILES.initrd), disk: file(FILES.disk) },
    builder: builderId(),
  };
}

/** The template in the directory if it is whole and of this builder. */
function readComplete(dir: string): DemoTemplate | undefined {
  try {
    const template = JSON.parse(readFileSync(join(dir, 'template.json'), 'utf8')) as DemoTemplate;
    const intact = Object.values(template.files).every((file) => measure(join(dir, file.file)).digest === file.digest);
    return intact && template.builder === builderId() ? template : undefined;
  } catch {
    return undefined;
  }
}

function measure(path: string): { digest: string; sizeBytes: number } {
  const bytes = readFileSync(path);
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, sizeBytes: bytes.length };
}

function builderId(): string {
  return `${BUILDER_VERSION}-${guestFilesHash()}`;
}

function debianArch(text: string): DemoTemplate['arch'] {
  const arch = text.trim();
  if (arch !== 'amd64' && arch !== 'arm64')
    throw new Error(`The demo template is for amd64 and arm64, not for ${arch}.`);
  return arch;
}
