import { gzipSync } from 'node:zlib';
import { consoleNode, cpio, directory, executable } from './cpio.js';

/** What a probe guest prints on its serial port when it runs. */
export const PROBE_MARK = 'PROBE-OK';

const MARK_LINE = Buffer.from(`${PROBE_MARK}\n`);
const SECTOR_BYTES = 512;
/** The firmware finds no cylinders on a disk of one sector and does not boot it. */
const DISK_BYTES = 1024 * 1024;

/**
 * A disk whose boot sector writes the mark to the first serial port and halts: proves an accelerator without any
 * file that a host may lack.
 */
export function probeDisk(): Buffer {
  const code = Buffer.from([
    ...[0xfa, 0x31, 0xc0, 0x8e, 0xd8], // cli; xor ax,ax; mov ds,ax
    ...[0xbe, 0x18, 0x7c], // mov si, text at 0x7c18
    ...[0xba, 0xf8, 0x03], // mov dx, 0x3f8
    ...[0xac, 0x84, 0xc0, 0x74, 0x03, 0xee, 0xeb, 0xf8], // next: lodsb; test al,al; jz done; out dx,al; jmp next
    ...[0xf4, 0xeb, 0xfd], // done: hlt; jmp done
    ...[0x90, 0x90],
  ]);
  const sector = Buffer.alloc(DISK_BYTES);
  code.copy(sector);
  MARK_LINE.copy(sector, code.length);
  sector.writeUInt16LE(0xaa55, SECTOR_BYTES - 2);
  return sector;
}

/** An initramfs whose only program writes the mark to the console and waits for its end. */
export function probeInitrd(arch: 'amd64' | 'arm64'): Buffer {
  const program = arch === 'amd64' ? elf(62, amd64Code()) : elf(183, arm64Code());
  return gzipSync(cpio([directory('dev'), consoleNode, executable('init', program)]));
}

function amd64Code(): Buffer {
  return Buffer.from([
    ...[0xb8, 1, 0, 0, 0, 0xbf, 1, 0, 0, 0], // mov eax, write; mov edi, 1
    ...[0x48, 0x8d, 0x35, 16, 0, 0, 0], // lea rsi, [rip + 16]
    ...[0xba, MARK_LINE.length, 0, 0, 0, 0x0f, 0x05], // mov edx, length; syscall
    ...[0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7], // wait: mov eax, pause; syscall; jmp wait
  ]);
}

function arm64Code(): Buffer {
  const words = [
    0xd2800808, // mov x8, write
    0xd2800020, // mov x0, 1
    0x10000001 | ((16 >> 2) << 5), // adr x1, text 16 bytes ahead
    0xd2800002 | (MARK_LINE.length << 5), // mov x2, length
    0xd4000001, // svc 0
    0x14000000, // wait: b wait
  ];
  const code = Buffer.alloc(words.length * 4);
  words.forEach((word, index) => code.writeUInt32LE(word >>> 0, index * 4));
  return code;
}

/** The smallest static executable: one segment with headers, code and text. */
function elf(machine: number, code: Buffer): Buffer {
  const headerBytes = 64 + 56;
  const base = 0x400000n;
  const image = Buffer.concat([Buffer.alloc(headerBytes), code, MARK_LINE]);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(image);
  image.writeUInt16LE(2, 16);
  image.writeUInt16LE(machine, 18);
  image.writeUInt32LE(1, 20);
  image.writeBigUInt64LE(base + BigInt(headerBytes), 24);
  image.writeBigUInt64LE(64n, 32);
  image.writeUInt16LE(64, 52);
  image.writeUInt16LE(56, 54);
  image.writeUInt16LE(1, 56);
  image.writeUInt32LE(1, 64);
  image.writeUInt32LE(5, 68);
  image.writeBigUInt64LE(base, 80);
  image.writeBigUInt64LE(base, 88);
  image.writeBigUInt64LE(BigInt(image.length), 96);
  image.writeBigUInt64LE(BigInt(image.length), 104);
  image.writeBigUInt64LE(0x1000n, 112);
  return image;
}
