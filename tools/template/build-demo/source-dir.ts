import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Directory of the guest's files in the source tree; the compiled builder lies in `dist`, the files do not. */
function guestFilesDir(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dir !== dirname(dir); dir = dirname(dir)) {
    const candidate = join(dir, 'tools/template/build-demo/guest');
    if (existsSync(candidate)) return candidate;
  }
  throw new Error(`The guest's files are not above ${import.meta.url}: expected tools/template/build-demo/guest.`);
}

export function guestFile(name: string): Buffer {
  return readFileSync(join(guestFilesDir(), name));
}

/** Changes when any of the guest's files does. */
export function guestFilesHash(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(guestFilesDir()).sort()) hash.update(`${name}\0`).update(guestFile(name)).update('\0');
  return hash.digest('hex').slice(0, 12);
}
