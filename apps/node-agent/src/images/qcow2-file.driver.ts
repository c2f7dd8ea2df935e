import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { DriverError } from '../drivers/driver.js';
import { judgeQcow2, QCOW2_HEADER_BYTES, type Qcow2Header, type Qcow2Verdict } from './qcow2-header.js';

/** Reads and judges a template disk's header. Throws `IMAGE_INVALID` when QEMU must not open the file. */
export async function checkQcow2File(path: string, digest: string): Promise<Qcow2Header> {
  const verdict = await judgeFile(path, {});
  if (verdict.ok) return verdict.header;
  throw new DriverError('IMAGE_INVALID', `Template disk ${digest} is refused: ${verdict.problem}.`, false);
}

/** The same for a VM's own disk, which its guest or whoever broke out of it may have spoilt. It stands on the image. */
export async function checkOverlayFile(path: string): Promise<void> {
  const verdict = await judgeFile(path, { mayHaveBacking: true });
  if (!verdict.ok) throw new DriverError('IMAGE_INVALID', `The VM's disk is refused: ${verdict.problem}.`, false);
}

async function judgeFile(path: string, rules: { mayHaveBacking?: boolean }): Promise<Qcow2Verdict> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(QCOW2_HEADER_BYTES), 0, QCOW2_HEADER_BYTES, 0);
    return judgeQcow2(buffer.subarray(0, bytesRead), rules);
  } finally {
    await file.close();
  }
}
