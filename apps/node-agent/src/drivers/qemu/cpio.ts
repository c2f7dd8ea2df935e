const TRAILER = 'TRAILER!!!';
const BLOCK_BYTES = 512;

/** One member of an initramfs. `mode` includes the file type bits; `device` is [major, minor] of a device node. */
export interface CpioEntry {
  path: string;
  mode: number;
  data?: Buffer;
  device?: [number, number];
}

export const directory = (path: string): CpioEntry => ({ path, mode: 0o040755 });
export const executable = (path: string, data: Buffer): CpioEntry => ({ path, mode: 0o100755, data });
export const regularFile = (path: string, data: Buffer): CpioEntry => ({ path, mode: 0o100644, data });
/** The kernel gives its first process this node as standard streams; without it the process is mute. */
export const consoleNode: CpioEntry = { path: 'dev/console', mode: 0o020600, device: [5, 1] };

/** A "newc" archive as the Linux kernel unpacks it. Everything belongs to root, times are 0: same input, same bytes. */
export function cpio(entries: readonly CpioEntry[]): Buffer {
  const parts = [...entries, { path: TRAILER, mode: 0 }].map((entry, index) => member(entry, index + 1));
  return padded(Buffer.concat(parts), BLOCK_BYTES);
}

function member(entry: CpioEntry, inode: number): Buffer {
  const name = Buffer.from(`${entry.path}\0`);
  const data = entry.data ?? Buffer.alloc(0);
  const [major, minor] = entry.device ?? [0, 0];
  const fields = [inode, entry.mode, 0, 0, 1, 0, data.length, 0, 0, major, minor, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name]), 4), padded(data, 4)]);
}

function padded(bytes: Buffer, alignment: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((alignment - (bytes.length % alignment)) % alignment)]);
}
