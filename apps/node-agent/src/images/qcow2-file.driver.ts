import { open } from 'node:fs/promises';
import { DriverError } from '../drivers/driver.js';
import { judgeQcow2, QCOW2_HEADER_BYTES, type Qcow2Header } from './qcow2-header.js';

/** Reads and judges a template disk's header. Throws `IMAGE_INVALID` when QEMU must not open the file. */
export async function checkQcow2File(path: string, digest: string): Promise<Qcow2Header> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(QCOW2_HEADER_BYTES), 0, QCOW2_HEADER_BYTES, 0);
    const verdict = judgeQcow2(buffer.subarray(0, bytesRead));
    if (!verdict.ok)
      throw new DriverError('IMAGE_INVALID', `Template disk ${digest} is refused: ${verdict.problem}.`, false);
    return verdict.header;
  } finally {
    await file.close();
  }
}
