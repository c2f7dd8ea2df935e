import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  consoleNode,
  cpio,
  directory,
  executable,
  regularFile,
} from '../../../apps/node-agent/src/drivers/qemu/cpio.js';
import { guestFile } from './source-dir.js';
import { runTool } from './run-tool.js';

/** Drivers of QEMU's paravirtual devices, of its power button, and of the root file system. Built-in ones have no file. */
const MODULES = [
  'virtio_pci',
  'virtio_mmio',
  'virtio_blk',
  'virtio_net',
  'virtio_console',
  'virtio-rng',
  'ext4',
  'button',
  'evdev',
];

/** The kernel image of an unpacked kernel package. */
export function kernelImage(kernelTree: string): Buffer {
  const boot = join(kernelTree, 'boot');
  const name = readdirSync(boot).find((entry) => entry.startsWith('vmlinuz-'));
  if (!name) throw new Error(`The kernel package has no boot/vmlinuz-*, only ${readdirSync(boot).join(', ')}.`);
  return readFileSync(join(boot, name));
}

/** A compressed initramfs: busybox, the modules in loading order, and the guest's first process. */
export async function buildInitrd(kernelTree: string, busybox: Buffer): Promise<Buffer> {
  const modules = await loadOrder(kernelTree, MODULES);
  const archive = cpio([
    ...['dev', 'proc', 'sys', 'root', 'bin', 'lib', 'lib/modules'].map(directory),
    consoleNode,
    executable('init', guestFile('initramfs-init')),
    executable('bin/busybox', busybox),
    ...modules.map((module) => regularFile(`lib/modules/${module.name}`, module.data)),
    regularFile('lib/modules/order', Buffer.from(modules.map((module) => `${module.name}\n`).join(''))),
  ]);
  return gzipSync(archive, { level: 9 });
}

interface KernelModule {
  name: string;
  data: Buffer;
}

async function loadOrder(kernelTree: string, wanted: readonly string[]): Promise<KernelModule[]> {
  const files = moduleFiles(kernelTree);
  const ordered = new Map<string, KernelModule>();
  const add = async (name: string): Promise<void> => {
    const key = name.replaceAll('-', '_');
    const path = files.get(key);
    if (!path || ordered.has(key)) return;
    const data = await readModule(path);
    for (const dependency of moduleDependencies(data)) await add(dependency);
    ordered.set(key, { name: `${key}.ko`, data });
  };
  for (const name of wanted) await add(name);
  return [...ordered.values()];
}

function moduleFiles(kernelTree: string): Map<string, string> {
  const roots = ['lib/modules', 'usr/lib/modules'].map((dir) => join(kernelTree, dir));
  const files = roots.flatMap((root) => {
    try {
      return readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path));
    } catch {
      return [];
    }
  });
  const modules = files.filter((path) => /\.ko(\.xz|\.zst|\.gz)?$/.test(path));
  return new Map(
    modules.map((path) => [
      basename(path)
        .replace(/\.ko.*$/, '')
        .replaceAll('-', '_'),
      path,
    ]),
  );
}

/** Names in the module's `depends=` string; a loaded module is not looked up by the kernel, so the order is ours to keep. */
export function moduleDependencies(module: Buffer): string[] {
  const start = module.indexOf('\0depends=') + 1;
  if (start === 0) return [];
  const text = module.toString('latin1', start + 'depends='.length, module.indexOf(0, start));
  return text.split(',').filter(Boolean);
}

/** Packages ship modules plain or compressed; the guest's small insmod takes plain ones only. */
async function readModule(path: string): Promise<Buffer> {
  const tool = path.endsWith('.xz') ? 'xz' : path.endsWith('.zst') ? 'zstd' : path.endsWith('.gz') ? 'gzip' : undefined;
  if (!tool) return readFileSync(path);
  await runTool(tool, ['-d', '-k', '-f', '-q', path]);
  const plain = path.replace(/\.(xz|zst|gz)$/, '');
  const data = readFileSync(plain);
  rmSync(plain);
  return data;
}

export function writeKernel(kernelTree: string, file: string): void {
  writeFileSync(file, kernelImage(kernelTree));
}
