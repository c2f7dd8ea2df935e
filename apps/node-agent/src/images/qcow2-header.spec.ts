import { judgeQcow2, MAX_VIRTUAL_SIZE_BYTES, QCOW2_HEADER_BYTES } from './qcow2-header.js';

/** Header of a sound version 3 image of 512 MiB. */
function header(): Buffer {
  const bytes = Buffer.alloc(QCOW2_HEADER_BYTES);
  bytes.writeUInt32BE(0x514649fb, 0);
  bytes.writeUInt32BE(3, 4);
  bytes.writeUInt32BE(16, 20);
  bytes.writeBigUInt64BE(512n << 20n, 24);
  bytes.writeUInt32BE(1, 36);
  bytes.writeUInt32BE(104, 100);
  return bytes;
}

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = header();
  change(bytes);
  return bytes;
}

describe('a template disk', () => {
  it('is accepted with its virtual size', () => {
    expect(judgeQcow2(header())).toEqual({ ok: true, header: { virtualSizeBytes: 512 * 1024 * 1024 } });
  });

  it('may be compressed with zstd and may be of version 2', () => {
    expect(judgeQcow2(changed((bytes) => bytes.writeBigUInt64BE(1n << 3n, 72)))).toMatchObject({ ok: true });
    expect(judgeQcow2(changed((bytes) => bytes.writeUInt32BE(2, 4)))).toMatchObject({ ok: true });
  });

  it.each<[string, (bytes: Buffer) => void, string]>([
    ['is another format', (bytes) => bytes.write('RAW!', 0), 'not a qcow2'],
    ['is of an unknown version', (bytes) => bytes.writeUInt32BE(4, 4), 'version is 4'],
    ['has a backing file', (bytes) => bytes.writeBigUInt64BE(512n, 8), 'backing file'],
    ['has the length of a backing file name', (bytes) => bytes.writeUInt32BE(11, 16), 'backing file'],
    ['has its data elsewhere', (bytes) => bytes.writeBigUInt64BE(1n << 2n, 72), 'another file'],
    ['is encrypted', (bytes) => bytes.writeUInt32BE(2, 32), 'encrypted'],
    ['is corrupt', (bytes) => bytes.writeBigUInt64BE(1n << 1n, 72), 'corrupt'],
    ['was not closed', (bytes) => bytes.writeBigUInt64BE(1n, 72), 'not closed'],
    ['needs unknown features', (bytes) => bytes.writeBigUInt64BE(1n << 40n, 72), '0x10000000000'],
    ['is too large', (bytes) => bytes.writeBigUInt64BE(BigInt(MAX_VIRTUAL_SIZE_BYTES) + 1n, 24), 'virtual size'],
    ['is empty', (bytes) => bytes.writeBigUInt64BE(0n, 24), 'virtual size'],
    ['has impossible clusters', (bytes) => bytes.writeUInt32BE(40, 20), 'cluster size'],
    ['has a huge first table', (bytes) => bytes.writeUInt32BE(0xffffffff, 36), 'table'],
  ])('is refused when it %s', (_, change, problem) => {
    expect(judgeQcow2(changed(change))).toEqual({ ok: false, problem: expect.stringContaining(problem) as string });
  });

  it.each([0, 4, 71, 103])('is refused when only %i bytes of it are there', (length) => {
    expect(judgeQcow2(header().subarray(0, length))).toMatchObject({ ok: false });
  });
});
