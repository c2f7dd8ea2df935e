import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  buildDemoTemplate,
  type DemoTemplate,
  type TemplateFile,
} from '../../../../../../tools/template/build-demo.js';
import { blobFileName } from '../../../images/blob-name.js';
import type { BlobRef, VmSpec } from '../../driver.js';
import type { QemuOptions } from '../options.js';
import { findByArgument } from '../process.driver.js';
import { QemuDriver } from '../qemu-driver.js';

/** Shared with all other tests and with the launcher, so that the template is built once. */
const TEMPLATE_DIR = join(repositoryRoot(), '.muster', 'demo-template');

/** Under software emulation, on a busy machine with two cores. */
export const READY_LIMIT_MS = 90_000;
export const TEST_LIMIT_MS = 180_000;

/** The demo template, built if need be, and where its files are. */
export async function demoTemplate(): Promise<DemoTemplate & { readonly dir: string }> {
  return { ...(await buildDemoTemplate(TEMPLATE_DIR, () => undefined)), dir: TEMPLATE_DIR };
}

/** A directory as one node has it, with the demo template in its cache, and drivers on it. */
export class DemoHost {
  private epoch = 41;
  private readonly drivers: QemuDriver[] = [];

  private constructor(
    private readonly rootDir: string,
    readonly nodeDir: string,
    private readonly template: DemoTemplate,
    private readonly options: Partial<QemuOptions>,
  ) {}

  /** `below`: further directories of the path, to make it long. */
  static async make(options: Partial<QemuOptions> = {}, below = ''): Promise<DemoHost> {
    const template = await buildDemoTemplate(TEMPLATE_DIR, () => undefined);
    const rootDir = mkdtempSync(join(tmpdir(), 'muster-qemu-'));
    const nodeDir = join(rootDir, below);
    const blobs = join(nodeDir, 'blobs');
    mkdirSync(blobs, { recursive: true });
    for (const { file, digest } of Object.values(template.files)) {
      copyFileSync(join(TEMPLATE_DIR, file), join(blobs, blobFileName(digest)));
    }
    return new DemoHost(rootDir, nodeDir, template, options);
  }

  driver(options: Partial<QemuOptions> = {}): QemuDriver {
    const driver = new QemuDriver({ nodeDir: this.nodeDir, ...this.options, ...options });
    this.drivers.push(driver);
    return driver;
  }

  spec(vmId: string, overrides: Partial<VmSpec> = {}): VmSpec {
    const { kernel, initrd, disk } = this.template.files;
    const { cmdline, cpu, memoryMiB, forwards } = this.template;
    const files = { disk: blob(disk), kernel: blob(kernel), initrd: blob(initrd), cmdline };
    const image = { templateId: 'demo', tag: 'v1', ...files };
    return { vmId, epoch: this.epoch, name: vmId, image, cpu, memoryMiB, forwards, restarts: 0, ...overrides };
  }

  /** Destroys what a failed test may have left, and the directory. */
  async remove(): Promise<void> {
    const driver = this.drivers.at(-1);
    for (const { vmId } of (await driver?.list()) ?? []) await driver?.destroy(vmId, 0);
    rmSync(this.rootDir, { recursive: true, force: true });
  }
}

/** Processes that run the VM of this id. */
export function qemuProcesses(uuid: string): number[] {
  return findByArgument(uuid).map(({ pid }) => pid);
}

function blob({ digest, sizeBytes }: TemplateFile): BlobRef {
  return { digest, sizeBytes };
}

function repositoryRoot(): string {
  for (let dir = process.cwd(); dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, 'package-lock.json'))) return dir;
  }
  throw new Error(`No package-lock.json in ${process.cwd()} or above it: run the tests inside the repository.`);
}
