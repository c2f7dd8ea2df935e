import { chmodSync, chownSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { blobFileName } from '../../images/blob-name.js';
import { checkQcow2File } from '../../images/qcow2-file.driver.js';
import { DriverError, type BlobRef, type TemplateImage } from '../driver.js';
import { AGENT_SOCKET, BASE_DISK, DISK, INITRD, KERNEL, lowerLayer, MONITOR_SOCKET } from './command-line.js';
import { DISK_RESERVE_BYTES } from './limits.js';
import { runTool } from './run-tool.driver.js';

export interface VmFiles {
  blobDir: string;
  workDir: string;
  uid?: number;
  qemuImg: string;
}

/**
 * Makes what QEMU needs to start: the VM's own names for the template's files, its copy-on-write disk, and a work directory that
 * belongs to its user. Does again only what is missing. Throws `IMAGE_MISSING`, `IMAGE_INVALID`, `NO_SPACE`, `TOOL_FAILED`.
 */
export async function prepareFiles(files: VmFiles, image: TemplateImage): Promise<void> {
  mkdirSync(files.workDir, { recursive: true, mode: 0o700 });
  const at = (name: string): string => join(files.workDir, name);
  if (image.kernel) linkBlob(files.blobDir, image.kernel, at(KERNEL));
  if (image.initrd) linkBlob(files.blobDir, image.initrd, at(INITRD));
  for (const [index, layer] of (image.base ?? []).entries()) linkBlob(files.blobDir, layer, at(lowerLayer(index)));
  linkBlob(files.blobDir, image.disk, at(BASE_DISK));
  if (!existsSync(at(DISK))) await createDisk(files, image);
  for (const name of [MONITOR_SOCKET, AGENT_SOCKET]) rmSync(at(name), { force: true });
  if (files.uid !== undefined) chownSync(files.workDir, files.uid, files.uid);
}

/**
 * A second name for the blob's file: the VM keeps working when the template leaves the cache, and its QEMU, which may not look
 * into our directories, finds the file next to its own.
 */
function linkBlob(blobDir: string, blob: BlobRef, target: string): void {
  if (existsSync(target)) return;
  try {
    linkSync(join(blobDir, blobFileName(blob.digest)), target);
    chmodSync(target, 0o444);
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing) throw cause;
    throw new DriverError('IMAGE_MISSING', `Template file ${blob.digest} is not in this host's cache.`, true, {
      cause,
    });
  }
}

async function createDisk(files: VmFiles, { base = [], disk }: TemplateImage): Promise<void> {
  for (const [index, { digest }] of base.entries())
    await checkQcow2File(join(files.workDir, lowerLayer(index)), digest);
  const { virtualSizeBytes } = await checkQcow2File(join(files.workDir, BASE_DISK), disk.digest);
  const { bavail, bsize } = statfsSync(files.workDir);
  if (bavail * bsize < DISK_RESERVE_BYTES) {
    const message = `Cannot make a disk: ${bavail * bsize} bytes are free, must be at least ${DISK_RESERVE_BYTES}.`;
    throw new DriverError('NO_SPACE', message, true);
  }
  const unfinished = join(files.workDir, `${DISK}.new`);
  // -u: the base is named, not opened.
  const args = [
    'create',
    '-q',
    '-u',
    '-f',
    'qcow2',
    '-F',
    'qcow2',
    '-b',
    BASE_DISK,
    unfinished,
    String(virtualSizeBytes),
  ];
  const { code, stderr } = await runTool([files.qemuImg, ...args]);
  if (code !== 0)
    throw new DriverError('TOOL_FAILED', `qemu-img could not make a disk: ${stderr.trim().slice(0, 300)}`, true);
  if (files.uid !== undefined) chownSync(unfinished, files.uid, files.uid);
  chmodSync(unfinished, 0o600);
  renameSync(unfinished, join(files.workDir, DISK));
}
