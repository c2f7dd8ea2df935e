import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from './evidence.js';

/** The texts of these folders, in a stable order; paths are from the root, where this is run. */
export function textsOf(folders: readonly string[]): readonly Text[] {
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}
