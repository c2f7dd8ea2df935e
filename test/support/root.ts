import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, seen from the source as well as from the build. */
export const ROOT = folderOfPackage(dirname(fileURLToPath(import.meta.url)));

function folderOfPackage(dir: string): string {
  return existsSync(join(dir, 'package.json')) ? dir : folderOfPackage(dirname(dir));
}

/** A program of the build. Throws, saying how to make it, when it is not there. */
export function program(...path: readonly string[]): string {
  const file = join(ROOT, 'dist', ...path);
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\``);
  return file;
}
