import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes the document as JSON that is easy to read and to compare. Returns its path. */
export async function writeDocument(folder: string, name: string, document: object): Promise<string> {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path, `${JSON.stringify(document, null, 2)}\n`);
  return path;
}
