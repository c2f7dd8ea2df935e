/** Longest header of the format's version 3 that QEMU itself writes, with room. */
export const QCOW2_HEADER_BYTES = 112;
/** Largest virtual disk a template may have. */
export const MAX_VIRTUAL_SIZE_BYTES = 1024 ** 4;
const MAX_L1_ENTRIES = 4 * 1024 * 1024;
const MAGIC = 0x514649fb;
const VERSION_2_BYTES = 72;
const VERSION_3_BYTES = 104;
const DIRTY = 1n << 0n;
const CORRUPT = 1n << 1n;
const EXTERNAL_DATA = 1n << 2n;
const COMPRESSION_TYPE = 1n << 3n;
const EXTENDED_L2 = 1n << 4n;

export type Qcow2Header = { virtualSizeBytes: number };
export type Qcow2Verdict = { ok: true; header: Qcow2Header } | { ok: false; problem: string };

/**
 * Judges the first {@link QCOW2_HEADER_BYTES} of a template disk before any QEMU program opens it: a stranger's image can name any
 * file of the host as its backing file or data file. `mayHaveBacking`: for a VM's own disk, where whoever opens it spells out what it
 * stands on. Fields are those of QEMU's docs/interop/qcow2.txt.
 */
export function judgeQcow2(bytes: Buffer, { mayHaveBacking = false } = {}): Qcow2Verdict {
  if (bytes.length < VERSION_2_BYTES || bytes.readUInt32BE(0) !== MAGIC) return refuse('it is not a qcow2 image');
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) return refuse(`its version is ${version}, must be 2 or 3`);
  if (version === 3 && bytes.length < VERSION_3_BYTES) return refuse('its header is cut off');
  const hasBacking = bytes.readBigUInt64BE(8) !== 0n || bytes.readUInt32BE(16) !== 0;
  if (hasBacking && !mayHaveBacking) return refuse('it has a backing file');
  const clusterBits = bytes.readUInt32BE(20);
  if (clusterBits < 9 || clusterBits > 21) return refuse(`its cluster size is 2^${clusterBits}, must be 2^9 to 2^21`);
  const size = bytes.readBigUInt64BE(24);
  if (size === 0n || size > MAX_VIRTUAL_SIZE_BYTES) {
    return refuse(`its virtual size is ${size} bytes, must be 1–${MAX_VIRTUAL_SIZE_BYTES}`);
  }
  if (bytes.readUInt32BE(32) !== 0) return refuse('it is encrypted');
  if (bytes.readUInt32BE(36) > MAX_L1_ENTRIES) return refuse('its first table is too large');
  const problem = version === 3 ? featureProblem(bytes.readBigUInt64BE(72)) : undefined;
  return problem ? refuse(problem) : { ok: true, header: { virtualSizeBytes: Number(size) } };
}

function featureProblem(features: bigint): string | undefined {
  if (features & DIRTY) return 'it was not closed cleanly';
  if (features & CORRUPT) return 'it is marked corrupt';
  if (features & EXTERNAL_DATA) return 'it keeps its data in another file';
  const unknown = features & ~(COMPRESSION_TYPE | EXTENDED_L2);
  return unknown ? `it needs unknown features (0x${unknown.toString(16)})` : undefined;
}

function refuse(problem: string): Qcow2Verdict {
  return { ok: false, problem };
}
