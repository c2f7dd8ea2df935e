const ELF_MAGIC = 0x7f454c46;
const SECTION_DYNAMIC = 6;
const TAG_NEEDED = 1n;
const ENTRY_BYTES = 16;

/** Names of the shared libraries that a 64-bit little-endian ELF file asks the dynamic linker for; none if it is static or no ELF. */
export function elfNeeded(file: Buffer): string[] {
  if (file.length < 64 || file.readUInt32BE(0) !== ELF_MAGIC || file[4] !== 2 || file[5] !== 1) return [];
  const table = Number(file.readBigUInt64LE(40));
  const entryBytes = file.readUInt16LE(58);
  const count = file.readUInt16LE(60);
  const section = (index: number): Buffer =>
    file.subarray(table + index * entryBytes, table + (index + 1) * entryBytes);
  const content = (header: Buffer): Buffer => {
    const offset = Number(header.readBigUInt64LE(24));
    return file.subarray(offset, offset + Number(header.readBigUInt64LE(32)));
  };
  for (let index = 0; index < count; index++) {
    const header = section(index);
    if (header.readUInt32LE(4) !== SECTION_DYNAMIC) continue;
    const names = content(section(header.readUInt32LE(40)));
    return dynamicEntries(content(header))
      .filter((entry) => entry.tag === TAG_NEEDED)
      .map((entry) => names.toString('latin1', entry.value, names.indexOf(0, entry.value)));
  }
  return [];
}

function dynamicEntries(dynamic: Buffer): { tag: bigint; value: number }[] {
  return Array.from({ length: Math.floor(dynamic.length / ENTRY_BYTES) }, (_, index) => ({
    tag: dynamic.readBigInt64LE(index * ENTRY_BYTES),
    value: Number(dynamic.readBigUInt64LE(index * ENTRY_BYTES + 8)),
  }));
}
