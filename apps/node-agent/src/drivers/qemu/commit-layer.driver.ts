import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  lstatSync,
  openAsBlob,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { lchown, open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { checkOverlayFile, checkQcow2File } from '../../images/qcow2-file.driver.js';
import { syncDirectory } from '../atomic-file.driver.js';
import { throwIfCancelled } from '../cancel.js';
import { type BlobRef, DriverError, type Layer } from '../driver.js';
import { BASE_DISK, DISK } from './command-line.js';
import { DISK_RESERVE_BYTES } from './limits.js';
import { runTool } from './run-tool.driver.js';

/** The finished layer, beside the VM's record. */
const LAYER = 'saved.qcow2';
const UNFINISHED = 'saved.new';
const READ_BYTES = 1024 * 1024;
const BLOCK_BYTES = 512;

export interface Commit {
  vmId: string;
  /** Directory of the VM's record: ours. */
  dir: string;
  /** Directory that the VM's QEMU owned while it ran. */
  workDir: string;
  /** `qemu-img`, with what makes it run as the VM's user. */
  qemuImg: string[];
  signal: AbortSignal;
}

/**
 * Copies what the VM's disk holds beyond its image into a file of its own, which names no backing file: whoever stacks it spells the
 * chain out. The program that reads what a guest wrote runs as that guest's user. What an earlier call finished is taken as it is.
 */
export async function commitLayer(commit: Commit): Promise<Layer> {
  const { dir, vmId, signal } = commit;
  const path = join(dir, LAYER);
  throwIfCancelled(signal, `saving the disk of VM "${vmId}"`);
  if (!existsSync(path)) await make(commit, path);
  const blob = await blobRefOf(path, signal).catch((cause: unknown) => {
    throwIfCancelled(signal, `saving the disk of VM "${vmId}"`);
    throw cause;
  });
  return { ...blob, open: () => openAsBlob(path) };
}

/** Once the VM runs again, the layer is no longer what is on its disk. */
export function dropLayer(dir: string): void {
  rmSync(join(dir, LAYER), { force: true });
}

async function make(commit: Commit, path: string): Promise<void> {
  const { workDir, dir } = commit;
  const unfinished = join(workDir, UNFINISHED);
  await checkOverlayFile(join(workDir, DISK));
  checkSpace(workDir);
  rmSync(unfinished, { recursive: true, force: true });
  await qemuImg(commit, ['convert', '-q', '-O', 'qcow2', '-B', BASE_DISK, '-F', 'qcow2', diskOnImage(), UNFINISHED]);
  await qemuImg(commit, ['rebase', '-q', '-u', '-f', 'qcow2', '-b', '', UNFINISHED]);
  if (!lstatSync(unfinished).isFile()) throw new DriverError('IMAGE_INVALID', 'The saved layer is no file.', false);
  if (process.getuid) await lchown(unfinished, process.getuid(), process.getgid?.() ?? 0);
  chmodSync(unfinished, 0o444);
  await checkQcow2File(unfinished, 'to be saved');
  const file = await open(unfinished, 'r');
  await file.sync().finally(() => file.close());
  renameSync(unfinished, path);
  syncDirectory(dir);
}

/** The disk on the uppermost layer of its image alone: of what is below nothing is read, since only the difference is copied. */
function diskOnImage(): string {
  const file = (filename: string): object => ({ driver: 'file', filename });
  const backing = { driver: 'qcow2', file: file(BASE_DISK), backing: null };
  return `json:${JSON.stringify({ driver: 'qcow2', file: file(DISK), backing })}`;
}

function checkSpace(workDir: string): void {
  const wantedBytes = lstatSync(join(workDir, DISK)).blocks * BLOCK_BYTES + DISK_RESERVE_BYTES;
  const { bavail, bsize } = statfsSync(workDir);
  if (bavail * bsize >= wantedBytes) return;
  const message = `Cannot save a disk: ${bavail * bsize} bytes are free, must be at least ${wantedBytes}.`;
  throw new DriverError('NO_SPACE', message, true);
}

async function qemuImg({ qemuImg: tool, workDir, vmId, signal }: Commit, args: string[]): Promise<void> {
  const { code, stderr } = await runTool([...tool, ...args], { cwd: workDir, signal });
  throwIfCancelled(signal, `saving the disk of VM "${vmId}"`);
  if (code === 0) return;
  throw new DriverError('TOOL_FAILED', `qemu-img ${args[0]} failed: ${stderr.trim().slice(0, 300)}`, true);
}

async function blobRefOf(path: string, signal: AbortSignal): Promise<BlobRef> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: READ_BYTES }), hash, { signal });
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes: lstatSync(path).size };
}
