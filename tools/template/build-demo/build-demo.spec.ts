import { gunzipSync } from 'node:zlib';
import { cpio, executable } from '../../../apps/node-agent/src/drivers/qemu/cpio.js';
import { probeInitrd, PROBE_MARK } from '../../../apps/node-agent/src/drivers/qemu/probe-guest.js';
import { elfNeeded } from './elf-needed.js';
import { moduleDependencies } from './kernel.js';

/** A file with nothing but the sections that name its libraries: none, strings, dynamic. */
function dynamicElf(libraries: readonly string[]): Buffer {
  const strings = Buffer.from(`\0${libraries.map((name) => `${name}\0`).join('')}`);
  const offsets = libraries.map((name) => strings.indexOf(name));
  const entries = [...offsets.map((offset) => [1, offset]), [5, 4096], [0, 0]];
  const dynamic = Buffer.concat(entries.map(([tag = 0, value = 0]) => u64(tag, value)));
  const section = (type: number, link: number, offset: number, size: number): Buffer =>
    Buffer.concat([u32(0, type), u64(0, 0, offset, size), u32(link, 0), u64(0, 0)]);
  const table = 64 + strings.length + dynamic.length;
  const header = Buffer.alloc(64);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(header);
  header.writeBigUInt64LE(BigInt(table), 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(3, 60);
  const sections = [
    section(0, 0, 0, 0),
    section(3, 0, 64, strings.length),
    section(6, 1, 64 + strings.length, dynamic.length),
  ];
  return Buffer.concat([header, strings, dynamic, ...sections]);
}

function u64(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => bytes.writeBigUInt64LE(BigInt(value), index * 8));
  return bytes;
}

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * 4));
  return bytes;
}

describe('libraries that a program needs', () => {
  it('are found in a dynamic program', () => {
    expect(elfNeeded(dynamicElf(['libc.so.6', 'libm.so.6']))).toEqual(['libc.so.6', 'libm.so.6']);
  });

  it('are none in a static program or in anything else', () => {
    const [, ...rest] = gunzipSync(probeInitrd('amd64')).toString('latin1').split('\x7fELF');
    expect(elfNeeded(Buffer.from(`\x7fELF${rest.join('')}`, 'latin1'))).toEqual([]);
    expect(elfNeeded(Buffer.from('#!/bin/sh'))).toEqual([]);
    expect(elfNeeded(Buffer.alloc(0))).toEqual([]);
  });
});

describe('modules that a module needs', () => {
  it('stand in its information', () => {
    expect(moduleDependencies(Buffer.from('\0license=GPL\0depends=failover,net_failover\0name=x\0'))).toEqual([
      'failover',
      'net_failover',
    ]);
    expect(moduleDependencies(Buffer.from('\0depends=\0'))).toEqual([]);
    expect(moduleDependencies(Buffer.from('none'))).toEqual([]);
  });
});

describe('an initramfs archive', () => {
  it('has fields, names and data at multiples of four, and an end', () => {
    const archive = cpio([executable('init', Buffer.from('12345'))]);
    expect(archive.length % 512).toBe(0);
    expect(archive.toString('latin1', 0, 14)).toBe('07070100000001');
    expect(archive.toString('latin1', 14, 22)).toBe('000081ed');
    expect(archive.toString('latin1', 54, 62)).toBe('00000005');
    expect(archive.toString('latin1', 110, 115)).toBe('init\0');
    expect(archive.toString('latin1', 116, 121)).toBe('12345');
    expect(archive.toString('latin1', 124, 130)).toBe('070701');
    expect(archive.includes('TRAILER!!!\0')).toBe(true);
  });

  it('carries a program that prints the mark', () => {
    for (const arch of ['amd64', 'arm64'] as const)
      expect(gunzipSync(probeInitrd(arch)).includes(PROBE_MARK)).toBe(true);
  });
});
